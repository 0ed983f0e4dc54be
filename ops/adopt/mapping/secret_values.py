"""Secrets in clear become encrypted settings, and references to them (`os.environ/NAME`)."""

import re
from typing import Any

from components.litellm.environment import is_reserved, own_variables
from components.releases.secret_values import VARIABLE, literal_secrets
from ops.adopt.draft import Draft, Kind, Outcome, Place
from ops.adopt.old.variables import REFERENCE, Variables

EMBEDDED = re.compile(rf"{REFERENCE}([A-Za-z_]\w*)")


def variable_name(text: str) -> str:
    """Return a text in the form of a variable's name: `gpt-4o api_key` is GPT_4O_API_KEY."""
    name = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
    return name if VARIABLE.fullmatch(name) else f"V_{name}"


class SecretNames:
    """Gives each secret a name, and each reference a variable that exists."""

    def __init__(self, draft: Draft, variables: Variables) -> None:
        """Begin with the variables of the old environment."""
        self._draft, self._variables = draft, variables
        self._names: dict[str, str] = {}
        """Value → the name that it has."""

    def replace(self, value: Any, place: Place, group: str, name: str, hint: str) -> Any:
        """Return a value in which each secret in clear is a reference.

        Args:
            value: the value.
            place: the old key that holds it.
            group: the encrypted setting for secrets: provider_keys or secret_environment.
            name: of the key, which may say that its value is a secret.
            hint: beginning of the name of a new secret.
        """
        if isinstance(value, dict):
            return {key: self.replace(each, place, group, str(key), f"{hint} {key}") for key, each in value.items()}
        if isinstance(value, list):
            return [self.replace(each, place, group, name, hint) for each in value]
        if not isinstance(value, str):
            return value
        if value.startswith(REFERENCE):
            return REFERENCE + self._referred(value.removeprefix(REFERENCE), group, name)
        if not any(literal_secrets(value, name, name)):
            return value
        whole = EMBEDDED.sub(lambda match: self._variables.get(match[1]) or match[0], value)
        return REFERENCE + self._named(whole, place, group, hint)

    def note(self, value: Any) -> str:
        """Return which encrypted settings a value refers to, for the table."""
        names = sorted(set(EMBEDDED.findall(str(value))))
        where = [next((key for key in self._draft.secrets if key.endswith(f".{name}")), "") for name in names]
        found = [setting for setting in where if setting]
        return f"encrypted in {', '.join(found)}" if found else ""

    def _referred(self, old: str, group: str, key: str) -> str:
        """Return the variable that a reference means in the new stack; give it its value."""
        name = old if VARIABLE.fullmatch(old) else variable_name(old)
        if is_reserved(name) or name in self._names.values():
            return name
        variables = self._variables
        variable = variables.found.get(old) or variables.unpassed.get(old)
        if variable is None or not variable.value:
            if old in variables.found:
                outcome = Outcome(Kind.NONE, note="is empty; set it with `pulumi config set --secret`")
                variables.take(old, self._draft, outcome)
            return name
        if any(literal_secrets(variable.value, old, old)) or any(literal_secrets(variable.value, key, key)):
            unpassed = "" if old in variables.found else "encrypted; the Compose file passed it to no container"
            variables.secret(old, self._draft, f"{group}.{name}", unpassed or "encrypted")
        else:
            outcome = Outcome(Kind.STACK, f"litellm.environment.{name}")
            self._draft.set(f"litellm.environment.{name}", variable.value, variable.places[0])
            variables.take(old, self._draft, outcome)
        self._names[variable.value] = name
        return name

    def _named(self, value: str, place: Place, group: str, hint: str) -> str:
        """Return the name of a secret; the same value has one name, which the environment may have given it."""
        if value in self._names:
            return self._names[value]
        for variable in self._variables.found.values():
            if variable.value == value and variable.name not in self._variables.taken:
                return self._referred(variable.name, group, "secret")
        taken = {*self._names.values(), *own_variables(), *self._variables.found}
        wanted = variable_name(hint)
        name = next(name for name in (wanted, *(f"{wanted}_{count}" for count in range(2, 10000))) if name not in taken)
        self._draft.secrets[f"{group}.{name}"] = value
        self._draft.sources[f"{group}.{name}"] = place
        self._names[value] = name
        return name
