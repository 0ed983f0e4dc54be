"""The catalogue of models: the files of `stacks/models`, and LiteLLM's `model_list` and `fallbacks` made of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from components.models.entry import KEYED, CatalogueEntry, Mode
from components.settings.errors import sentences

FOLDER = Path(__file__).parents[2] / "stacks" / "models"

MOCK_COSTS = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
"""Prices of models without one in the mock provider, in USD: a price of nothing would leave spend uncounted."""
NO_KEY = "none"
"""Sent when no key is needed. Without it LiteLLM takes a key from its environment, and a local Ollama would be sent the
key of ollama.com."""
MOCK_KEY = "mock"

MockRoute = Callable[[str, Mode], tuple[str, str]]
"""(provider, mode) → the provider and the base URL by which LiteLLM asks the mock provider instead."""


class CatalogueError(ValueError):
    """An entry of the catalogue is wrong; the message names its file and key."""


def load_catalogue(folder: Path = FOLDER) -> dict[str, CatalogueEntry]:
    """Return every entry of a folder by name, sorted.

    Raises:
        CatalogueError: one sentence for the first entry that is wrong.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise CatalogueError(f"{folder} holds no model: each is a file such as {folder / 'gpt-oss-20b.yaml'}")
    for file in sorted(folder.glob("*.yml")):
        raise CatalogueError(f"{file}: its name should end with .yaml; it would be left out")
    catalogue = {file.stem: _load(file) for file in files}
    for name, entry in catalogue.items():
        if problem := _problem(name, entry, catalogue):
            raise CatalogueError(f"{folder / f'{name}.yaml'}: {problem}")
    return catalogue


def model_list(catalogue: Mapping[str, CatalogueEntry], mock: MockRoute | None) -> list[dict[str, Any]]:
    """Return LiteLLM's `model_list`. Keys are references to its environment, never values.

    With `mock`, the mock provider serves every model.
    """
    return [
        {
            "model_name": name,
            "litellm_params": _mocked(entry, mock) if mock else _served(entry),
            "model_info": {"mode": entry.mode.value},
        }
        for name, entry in catalogue.items()
    ]


def fallback_list(catalogue: Mapping[str, CatalogueEntry]) -> list[dict[str, list[str]]]:
    """Return LiteLLM's `fallbacks`: for each model that has some, those to ask when it fails."""
    return [{name: list(entry.fallbacks)} for name, entry in catalogue.items() if entry.fallbacks]


def missing_keys(catalogue: Mapping[str, CatalogueEntry], keys: set[str]) -> dict[str, str]:
    """Return the models that cannot be served with these keys, each with the name of the key that it lacks."""
    return {name: entry.key_name for name, entry in catalogue.items() if entry.key_name and entry.key_name not in keys}


def _served(entry: CatalogueEntry) -> dict[str, Any]:
    base_url = {"api_base": entry.api_base} if entry.api_base else {}
    return {
        "model": f"{entry.provider}/{entry.model}",
        **base_url,
        "api_key": entry.api_key or NO_KEY,
        **entry.costs,
    }


def _mocked(entry: CatalogueEntry, mock: MockRoute) -> dict[str, Any]:
    provider, base_url = mock(entry.provider, entry.mode)
    costs = entry.costs if any(entry.costs.values()) else MOCK_COSTS
    return {"model": f"{provider}/{entry.model}", "api_base": base_url, "api_key": MOCK_KEY, **costs}


def _load(file: Path) -> CatalogueEntry:
    try:
        return CatalogueEntry.model_validate(yaml.safe_load(file.read_text()))
    except yaml.YAMLError as error:
        raise CatalogueError(f"{file}: should be YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise CatalogueError(f"{file}: {_sentence(error)}") from error


def _sentence(error: ValidationError) -> str:
    # The value is left out: it may be a key put where its reference belongs.
    if error.errors()[0]["loc"] == ("api_key",):
        return "api_key should be a reference to the secret, such as os.environ/OLLAMA_API_KEY"
    path, phrase = sentences(error, CatalogueEntry)[0].split(": ", 1)
    return f"{path} {phrase}".strip()


def _problem(name: str, entry: CatalogueEntry, catalogue: Mapping[str, CatalogueEntry]) -> str | None:
    if entry.provider in KEYED and not entry.api_key and not entry.api_base:
        return f"api_key is required with provider {entry.provider}: it answers no request without a key"
    for other in catalogue:
        if other < name and catalogue[other].deployment == entry.deployment:
            return f"model is the deployment that {other} is already; remove one of the two"
    return _fallback_problem(name, entry, catalogue)


def _fallback_problem(name: str, entry: CatalogueEntry, catalogue: Mapping[str, CatalogueEntry]) -> str | None:
    if entry.fallbacks and entry.mode is Mode.EMBEDDING:
        return "fallbacks should be left out: vectors of different embedding models cannot be compared"
    for place, fallback in enumerate(entry.fallbacks):
        if fallback in entry.fallbacks[:place]:
            return f"fallbacks names {fallback!r} twice"
        if fallback == name:
            return f"fallbacks names {name} itself"
        if fallback not in catalogue:
            return f"fallbacks names {fallback!r}, which is not in the catalogue"
        if catalogue[fallback].mode is not entry.mode:
            return f"fallbacks names {fallback!r}, which is for {catalogue[fallback].mode}, not {entry.mode}"
    return None
