"""The variables that the old files give to LiteLLM's container."""

from collections.abc import Mapping
from pathlib import Path

from ops.adopt.draft import Place
from ops.adopt.old.compose import Compose
from ops.adopt.old.dotenv import Assignment, parse_dotenv
from ops.adopt.old.variables import Variable, Variables
from ops.adopt.old.yaml_file import YamlFile
from ops.errors import OperationError
from ops.stack.project import read_text


def env_values(assignments: list[Assignment]) -> dict[str, str]:
    """Return the variables of a .env file that have a value."""
    return {each.name: each.value for each in assignments if each.value is not None}


def from_env_file(assignments: list[Assignment], file: str) -> list[Variable]:
    """Return the variables of a .env file."""
    return [Variable(each.name, each.value or "", (Place(file, (each.name,), each.line),)) for each in assignments]


def container_environment(env: list[Variable], env_file: Path | None, compose: Compose | None) -> Variables:
    """Return what reached LiteLLM. Without a Compose file that is all of .env.

    Raises:
        OperationError: if a file that the Compose file names cannot be read.
    """
    variables = Variables()
    if compose is None:
        variables.add(env)
        return variables
    passed: list[Variable] = []
    for file in _env_files(compose):
        if env_file and file.resolve() == env_file.resolve():
            passed += env
        else:
            passed += from_env_file(parse_dotenv(read_text(file), file.name), file.name)
    variables.add(passed)
    by_name = {variable.name: variable for variable in env}
    variables.add(_environment(compose, by_name))
    names = {place for variable in variables.found.values() for place in variable.places}
    variables.unpassed = {each.name: each for each in env if not set(each.places) & names}
    return variables


def from_config(config: YamlFile) -> list[Variable]:
    """Return the variables of config.yaml's own section, which LiteLLM sets last."""
    section = config.values.get("environment_variables")
    if not isinstance(section, dict):
        return []
    paths = {str(name): ("environment_variables", str(name)) for name in section}
    return [
        Variable(name, _text(section[name]), (Place(config.name, path, config.line(path)),))
        for name, path in paths.items()
        if section[name] is not None
    ]


def _env_files(compose: Compose) -> list[Path]:
    given = compose.litellm.get("env_file") or []
    found: list[Path] = []
    for entry in given if isinstance(given, list) else [given]:
        path = compose.folder / str(entry.get("path") if isinstance(entry, Mapping) else entry)
        if path.is_file():
            found.append(path)
        elif not isinstance(entry, Mapping) or entry.get("required", True):
            raise OperationError(f"{compose.file.name}: its env_file {path} does not exist")
    return found


def _environment(compose: Compose, env: Mapping[str, Variable]) -> list[Variable]:
    given = compose.litellm.get("environment") or {}
    found: list[Variable] = []
    for name, value in given.items() if isinstance(given, Mapping) else ():
        path = (*compose.path, "environment", str(name))
        used = {name} if value is None else compose.uses.get(path, frozenset())
        places: tuple[Place, ...] = (Place(compose.file.name, path, compose.file.line(path)),)
        places += tuple(place for each in sorted(used) if each in env for place in env[each].places)
        text = _text(value) if value is not None else env[name].value if name in env else ""
        found.append(Variable(str(name), text, places))
    return found


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
