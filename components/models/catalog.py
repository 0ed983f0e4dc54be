"""The catalogue of models: the files of `stacks/models`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import ValidationError

from components.models.document import load
from components.models.model import EMBEDDING, Model, ModelFile, model_of
from components.releases.release import Release
from components.releases.secret_values import without_secrets
from components.settings.errors import nearest, sentences
from components.settings.regular_file import check_regular

FOLDER = Path(__file__).parents[2] / "stacks" / "models"


class CatalogueError(ValueError):
    """The catalogue is wrong; each line names a file and a key."""


def load_catalogue(release: Release, folder: Path = FOLDER) -> dict[str, Model]:
    """Return every model of a folder and the folders in it by name, in the order of the files.

    Raises:
        CatalogueError: a line for each mistake.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".yaml", ".yml"))
    if not files:
        raise CatalogueError(f"model_folder: {folder} holds no model; each is a file, NAME.yaml")
    catalogue: dict[str, Model] = {}
    places: dict[str, Path] = {}
    found: list[str] = []
    for file in files:
        try:
            model = _load(file, release)
        except ValueError as error:
            found += [f"{file}: {line}" for line in str(error).split("\n")]
            continue
        if model.name in places:
            found.append(f"{file}: name: {model.name} is the name of {places[model.name]} too")
        catalogue[model.name], places[model.name] = model, file
    names = Names.of(catalogue)
    found += [f"{places[name]}: {line}" for name, model in catalogue.items() for line in _mistakes(model, names)]
    if found:
        raise CatalogueError(without_secrets("\n".join(found)))
    return catalogue


def selected(catalogue: Mapping[str, Model], patterns: Sequence[str]) -> dict[str, Model]:
    """Return the models whose name matches one of the patterns.

    Raises:
        CatalogueError: when a pattern matches none.
    """
    for pattern in patterns:
        if not any(_matches(name, pattern) for name in catalogue):
            hint = nearest(pattern, list(catalogue))
            raise CatalogueError(without_secrets(f"models: {pattern!r} matches no model; {hint}"))
    return {name: model for name, model in catalogue.items() if any(_matches(name, pattern) for pattern in patterns)}


def missing_keys(catalogue: Mapping[str, Model], keys: set[str]) -> dict[str, str]:
    """Return the models that cannot be served with these variables, each with the first name that it lacks."""
    missing = {name: next(_missing(model, keys), None) for name, model in catalogue.items()}
    return {name: key for name, key in missing.items() if key}


def _missing(model: Model, keys: set[str]) -> Iterator[str]:
    yield from (key for key in model.keys if key not in keys)
    for deployment in model.deployments:
        if deployment.default_keys and not keys & set(deployment.default_keys):
            yield deployment.default_keys[0]


def _matches(name: str, pattern: str) -> bool:
    return name == pattern or fnmatchcase(name, pattern)


@dataclass(frozen=True)
class Names:
    """All names that clients can ask for."""

    models: Mapping[str, Model]
    """By name."""
    aliases: Mapping[str, Sequence[Model]]
    """By alias."""
    wildcards: Sequence[Model]

    @classmethod
    def of(cls, catalogue: Mapping[str, Model]) -> "Names":
        """Return the names of a catalogue."""
        aliases: dict[str, list[Model]] = {}
        for model in catalogue.values():
            for alias in model.aliases:
                aliases.setdefault(alias, []).append(model)
        return cls(catalogue, aliases, [model for model in catalogue.values() if model.is_wildcard])

    def find(self, name: str) -> Model | None:
        """Return the model that a name asks for: by its name, an alias, or a wildcard."""
        if name in self.models:
            return self.models[name]
        if name in self.aliases:
            return self.aliases[name][0]
        return next((model for model in self.wildcards if fnmatchcase(name, model.name)), None)


def _load(file: Path, release: Release) -> Model:
    if file.suffix != ".yaml":
        raise ValueError("its name should end with .yaml; it would be left out")
    try:
        check_regular(file)
        document = load(file.read_bytes())
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if not isinstance(document, dict):
        raise ValueError("should be a list of keys and values")  # noqa: TRY004 - one kind of error for a file
    try:
        return model_of(file.stem, ModelFile.model_validate(document), release)
    except ValidationError as error:
        raise ValueError("\n".join(line.removeprefix(": ") for line in sentences(error, ModelFile))) from error
    except RecursionError as error:
        raise ValueError("should not refer to itself") from error


def _mistakes(model: Model, names: Names) -> Iterator[str]:
    for alias in model.aliases:
        if alias in names.models:
            yield f"aliases: {alias} is the name of a model"
        elif any(other.name != model.name for other in names.aliases[alias]):
            yield f"aliases: {alias} is an alias of another model too"
    for kind, asked in model.fallbacks.items():
        for place, name in enumerate(asked):
            if mistake := _fallback_mistake(model, name, asked[:place], names):
                yield f"{kind}: {mistake}"
    if model.mode == EMBEDDING and model.fallbacks["fallbacks"]:
        yield "fallbacks: should be left out: vectors of different embedding models cannot be compared"


def _fallback_mistake(model: Model, name: str, before: Sequence[str], names: Names) -> str | None:
    if name in before:
        return f"names {name!r} twice"
    if name == model.name:
        return f"names {name} itself"
    other = names.find(name)
    if other is None:
        return f"names {name!r}, which is not in the catalogue; {nearest(name, list(names.models))}"
    if other.mode != model.mode:
        return f"names {name!r}, which is for {other.mode}, not {model.mode}"
    if other.deployments == model.deployments and not model.is_wildcard:
        return f"names {name!r}, which asks the same deployments and fails with it"
    return None
