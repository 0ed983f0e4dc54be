"""A docker-compose.yml: its values with the variables replaced, and the service that runs LiteLLM."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.adopt.old.interpolation import interpolate
from ops.adopt.old.yaml_file import KeyPath, YamlFile, leaves, read_yaml, written
from ops.errors import OperationError


@dataclass(frozen=True)
class Compose:
    """The file, read."""

    file: YamlFile
    service: str
    """Name of the service that runs LiteLLM."""
    uses: Mapping[KeyPath, frozenset[str]]
    """Key → the variables of .env that its value asks for."""
    folder: Path = field(repr=False)
    """Where the file is: other files are named relative to it."""

    @property
    def services(self) -> Mapping[str, Any]:
        """All services by name."""
        return dict(self.file.values["services"])

    @property
    def litellm(self) -> Mapping[str, Any]:
        """What the file says of LiteLLM's service."""
        return dict(self.services[self.service])

    @property
    def path(self) -> KeyPath:
        """Of LiteLLM's service."""
        return ("services", self.service)

    def leaves(self) -> list[KeyPath]:
        """Return each key without keys below it; of a list, each entry is one."""
        found: list[KeyPath] = []
        for path in leaves(self.file.values):
            value = at(self.file.values, path)
            found += [(*path, place) for place in range(len(value))] if isinstance(value, list) and value else [path]
        return found


def read_compose(file: Path, values: Mapping[str, str]) -> Compose:
    """Read a Compose file; `values` are the variables of .env.

    Raises:
        OperationError: if it is no Compose file, a required variable is not set, or no service runs LiteLLM, or two do.
    """
    read = read_yaml(file)
    services = read.values.get("services")
    if not isinstance(services, dict) or not all(isinstance(each, dict) for each in services.values()):
        raise OperationError(f"{file} is no Compose file: it has no services")
    uses: dict[KeyPath, frozenset[str]] = {}
    replaced = _replaced(read.values, (), values, uses, read)
    lines = dict(read.lines)
    for name, service in replaced["services"].items():
        _name_environment(("services", str(name)), service, uses, lines)
    found = YamlFile(read.name, replaced, lines)
    return Compose(found, _litellm_service(found), uses, file.parent)


def at(values: Any, path: KeyPath) -> Any:
    """Return the value at a path."""
    for part in path:
        values = values[part]
    return values


def _replaced(
    value: Any, path: KeyPath, values: Mapping[str, str], uses: dict[KeyPath, frozenset[str]], file: YamlFile
) -> Any:
    if isinstance(value, dict):
        return {str(key): _replaced(each, (*path, str(key)), values, uses, file) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, (*path, place), values, uses, file) for place, each in enumerate(value)]
    if not isinstance(value, str) or "$" not in value:
        return value
    used: set[str] = set()
    text = interpolate(value, values, f"{file.name} line {file.line(path)}, {written(path)}", used)
    uses[path] = frozenset(used)
    return text


def _name_environment(
    path: KeyPath, service: dict[str, Any], uses: dict[KeyPath, frozenset[str]], lines: dict[KeyPath, int]
) -> None:
    """Turn a list of `NAME=VALUE` into names and values, so that each has a path of its own."""
    given = service.get("environment")
    if not isinstance(given, list):
        return
    named: dict[str, Any] = {}
    for place, entry in enumerate(given):
        name, sign, value = str(entry).partition("=")
        named[name] = value if sign else None
        old, new = (*path, "environment", place), (*path, "environment", name)
        uses[new] = uses.get(old, frozenset())
        if old in lines:
            lines[new] = lines[old]
    service["environment"] = named


def _litellm_service(file: YamlFile) -> str:
    services = file.values["services"]
    by_image = [name for name, each in services.items() if "litellm" in str(each.get("image", "")).lower()]
    by_command = [name for name, each in services.items() if "--config" in str(each.get("command", ""))]
    by_name = [name for name in services if "litellm" in name.lower()]
    found = next((names for names in (by_image, by_command, by_name) if names), [])
    if len(found) != 1:
        which = f"{', '.join(found)} do" if found else "none does"
        raise OperationError(f"{file.name}: one service should run LiteLLM; {which}")
    return str(found[0])
