"""The environment that LiteLLM had in the existing deployment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ops.adopt.draft import Draft, Kind, Outcome, Place

REFERENCE = "os.environ/"


@dataclass(frozen=True)
class Variable:
    """One variable."""

    name: str
    value: str = field(repr=False)
    places: tuple[Place, ...]
    """Where it is set: the last one in force, and what that refers to."""


@dataclass
class Variables:
    """The variables that reached LiteLLM, and what became of each."""

    found: dict[str, Variable] = field(default_factory=dict)
    unpassed: dict[str, Variable] = field(default_factory=dict)
    """Variables of .env that the Compose file hands to no container."""
    taken: set[str] = field(default_factory=set)

    def get(self, name: str) -> str | None:
        """Return a variable's value; None if it is not set or empty."""
        return self.found[name].value or None if name in self.found else None

    def add(self, variables: Iterable[Variable]) -> None:
        """Add variables; later ones replace earlier ones of the same name, and share their outcome with them."""
        for variable in variables:
            before = self.found[variable.name].places if variable.name in self.found else ()
            places = tuple(dict.fromkeys((*variable.places, *before)))
            self.found[variable.name] = Variable(variable.name, variable.value, places)

    def rest(self) -> Iterator[Variable]:
        """Return the variables that nothing has taken yet."""
        yield from [variable for name, variable in self.found.items() if name not in self.taken]

    def resolve(self, value: object) -> object:
        """Return what `os.environ/NAME` stands for; any other value as it is."""
        if isinstance(value, str) and value.startswith(REFERENCE):
            return self.get(value.removeprefix(REFERENCE)) or value
        return value

    def take(self, name: str, draft: Draft, outcome: Outcome) -> None:
        """Record what became of a variable, wherever it is set."""
        self.taken.add(name)
        variable = self.found.get(name) or self.unpassed[name]
        for place in variable.places:
            draft.outcome(place, outcome)

    def set(self, name: str, draft: Draft, setting: str, value: object, note: str = "") -> None:
        """Give a setting the value of a variable."""
        draft.set(setting, value, self.found[name].places[0], note)
        self.take(name, draft, Outcome(Kind.STACK, setting, note))

    def secret(self, name: str, draft: Draft, setting: str, note: str = "encrypted") -> None:
        """Give an encrypted setting the value of a variable."""
        variable = self.found.get(name) or self.unpassed[name]
        draft.secret(setting, variable.value, variable.places[0], note)
        self.take(name, draft, Outcome(Kind.STACK, setting, note))
