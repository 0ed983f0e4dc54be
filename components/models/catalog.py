"""The catalogue of models: the files of `stacks/models`."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from components.models.model import EMBEDDING, Model, ModelFile, model_of
from components.releases.release import Release
from components.settings.errors import nearest, sentences

FOLDER = Path(__file__).parents[2] / "stacks" / "models"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader reads 1,800 files in the time in which the other reads 200."""


class CatalogueError(ValueError):
    """The catalogue is wrong; each line names a file and a key."""


def load_catalogue(release: Release, folder: Path = FOLDER) -> dict[str, Model]:
    """Return every model of a folder and the folders in it by name, in the order of the files.

    Raises:
        CatalogueError: a line for each mistake.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix in (".yaml", ".yml"))
    if not files:
        raise CatalogueError(f"{folder} holds no model: each is a file such as {folder / 'gpt-oss-20b.yaml'}")
    catalogue: dict[str, Model] = {}
    places: dict[str, Path] = {}
    found: list[str] = []
    for file in files:
        try:
            model = _load(file, release)
        except ValueError as error:
            found += [f"{file}: {line}" for line in str(error).splitlines()]
            continue
        if model.name in places:
            found.append(f"{file}: name: {model.name} is the name of {places[model.name]} too")
        catalogue[model.name], places[model.name] = model, file
    found += [f"{places[name]}: {line}" for name, model in catalogue.items() for line in _mistakes(model, catalogue)]
    if found:
        raise CatalogueError("\n".join(found))
    return catalogue


def selected(catalogue: Mapping[str, Model], patterns: Sequence[str]) -> dict[str, Model]:
    """Return the models whose name matches one of the patterns.

    Raises:
        CatalogueError: when a pattern matches none.
    """
    for pattern in patterns:
        if not any(_matches(name, pattern) for name in catalogue):
            raise CatalogueError(f"models: {pattern!r} matches no model; {nearest(pattern, list(catalogue))}")
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


def _load(file: Path, release: Release) -> Model:
    if file.suffix == ".yml":
        raise ValueError("its name should end with .yaml; it would be left out")
    try:
        document = yaml.load(file.read_text(), Loader=LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"should be YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise ValueError("should be a list of keys and values")  # noqa: TRY004 - one kind of error for a file
    try:
        model = ModelFile.model_validate(document)
    except ValidationError as error:
        raise ValueError("\n".join(line.removeprefix(": ") for line in sentences(error, ModelFile))) from error
    return model_of(file.stem, model, release)


def _mistakes(model: Model, catalogue: Mapping[str, Model]) -> Iterator[str]:
    for alias in model.aliases:
        if alias in catalogue:
            yield f"aliases: {alias} is the name of a model"
        elif any(alias in other.aliases for name, other in catalogue.items() if name != model.name):
            yield f"aliases: {alias} is an alias of another model too"
    for kind, names in model.fallbacks.items():
        for place, name in enumerate(names):
            if mistake := _fallback_mistake(model, name, names[:place], catalogue):
                yield f"{kind}: {mistake}"
    if model.mode == EMBEDDING and model.fallbacks["fallbacks"]:
        yield "fallbacks: should be left out: vectors of different embedding models cannot be compared"


def _fallback_mistake(model: Model, name: str, before: Sequence[str], catalogue: Mapping[str, Model]) -> str | None:
    if name in before:
        return f"names {name!r} twice"
    if name == model.name:
        return f"names {name} itself"
    other = _find(name, catalogue)
    if other is None:
        return f"names {name!r}, which is not in the catalogue; {nearest(name, list(catalogue))}"
    if other.mode != model.mode:
        return f"names {name!r}, which is for {other.mode}, not {model.mode}"
    if other.deployments == model.deployments and not model.is_wildcard:
        return f"names {name!r}, which asks the same deployments and fails with it"
    return None


def _find(name: str, catalogue: Mapping[str, Model]) -> Model | None:
    """Return the model that a name asks for: by its name, an alias, or a wildcard."""
    if name in catalogue:
        return catalogue[name]
    by_alias = (model for model in catalogue.values() if name in model.aliases)
    by_wildcard = (model for model in catalogue.values() if model.is_wildcard and fnmatchcase(name, model.name))
    return next(by_alias, None) or next(by_wildcard, None)
