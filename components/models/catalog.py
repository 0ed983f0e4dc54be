"""The catalogue of models: which there are, who serves them, what they cost, and how LiteLLM is told."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from components.settings.base import Section
from components.settings.errors import sentences


class CatalogueError(ValueError):
    """An entry of the catalogue is wrong; the message names its file and key."""


class Mode(StrEnum):
    """What a model is asked for."""

    CHAT = "chat"
    EMBEDDING = "embedding"
    RERANK = "rerank"


class Provider(StrEnum):
    """Whose API serves a model, by LiteLLM's name of it. Ollama's chat API is `ollama_chat`; `ollama` embeds."""

    OPENAI = "openai"
    OLLAMA_CHAT = "ollama_chat"
    OLLAMA = "ollama"
    GEMINI = "gemini"
    VOYAGE = "voyage"
    COHERE = "cohere"


# Where the mock provider serves each API, and so which modes of which providers there can be. LiteLLM appends the rest
# of the path itself, but for Cohere's embeddings.
MOCK_PATHS = {
    (Provider.OPENAI, Mode.CHAT): "/openai/v1",
    (Provider.OPENAI, Mode.EMBEDDING): "/openai/v1",
    (Provider.OLLAMA_CHAT, Mode.CHAT): "/ollama",
    (Provider.OLLAMA, Mode.EMBEDDING): "/ollama",
    (Provider.GEMINI, Mode.CHAT): "/gemini/v1beta",
    (Provider.VOYAGE, Mode.EMBEDDING): "/voyage/v1",
    (Provider.VOYAGE, Mode.RERANK): "/voyage/v1",
    (Provider.COHERE, Mode.EMBEDDING): "/cohere/v2/embed",
    (Provider.COHERE, Mode.RERANK): "/cohere",
}
# Providers that always want a key at their own address.
KEYED = frozenset({Provider.OPENAI, Provider.GEMINI, Provider.VOYAGE, Provider.COHERE})
# Prices in the mock, in USD, of models that have none: spend is then counted for every model.
MOCK_COSTS = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
COSTS = frozenset({"input_cost_per_token", "output_cost_per_token", "input_cost_per_query"})
# Sent where no key is needed. Without it LiteLLM takes one from its environment: a local Ollama would be sent the key
# of ollama.com.
NO_KEY = "none"
MOCK_KEY = "mock"


class CatalogueEntry(Section):
    """One model, as its file in `stacks/models` describes it; the file's name is the name clients ask for."""

    provider: Provider
    """Whose API serves the model."""
    model: str = Field(min_length=1)
    """The provider's own id of the model, such as `gpt-oss:120b`."""
    mode: Mode
    """What the model is asked for."""
    key: str | None = Field(None, pattern=r"^[A-Z][A-Z0-9_]*$")
    """Name of the secret that holds the provider's key; without it no key is needed."""
    served_at: str | None = Field(None, pattern=r"^https?://[^\s/]+")
    """Base URL of the API; without it the provider's own."""
    input_cost_per_token: float | None = Field(None, ge=0)
    """USD a token read; without it LiteLLM's price list applies."""
    output_cost_per_token: float | None = Field(None, ge=0)
    """USD a token written; without it LiteLLM's price list applies."""
    input_cost_per_query: float | None = Field(None, ge=0)
    """USD a rerank search, where the provider charges so; without it LiteLLM's price list applies."""
    fallbacks: tuple[str, ...] = Field((), max_length=5)
    """Models of the catalogue to ask, in this order, when this one fails; then theirs. LiteLLM asks no model twice for
    one request, so two may stand in for each other, and stops after five (https://docs.litellm.ai/docs/routing)."""

    @property
    def deployment(self) -> tuple[str | None, ...]:
        """What is asked: two entries that ask the same fail together."""
        return (self.provider, self.model, self.mode, self.key, self.served_at)

    @property
    def costs(self) -> dict[str, float]:
        """The prices this entry states, in LiteLLM's names."""
        stated = self.model_dump(include=set(COSTS))
        return {name: cost for name, cost in stated.items() if cost is not None}


def load_catalogue(folder: Path) -> dict[str, CatalogueEntry]:
    """Every entry of a folder by name, sorted; raises CatalogueError with one sentence for the first that is wrong."""
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


def model_list(catalogue: Mapping[str, CatalogueEntry], mock: str | None) -> list[dict[str, Any]]:
    """LiteLLM's `model_list`. Keys are references to its environment, never values.

    `mock` is the base URL of the mock provider, such as http://provider:8090; every model is then served there.
    """
    return [
        {
            "model_name": name,
            "litellm_params": {"model": f"{entry.provider}/{entry.model}", **_served(entry, mock)},
            "model_info": {"mode": entry.mode.value},
        }
        for name, entry in catalogue.items()
    ]


def fallback_list(catalogue: Mapping[str, CatalogueEntry]) -> list[dict[str, list[str]]]:
    """LiteLLM's `fallbacks`: for each model that has some, those to ask when it fails."""
    return [{name: list(entry.fallbacks)} for name, entry in catalogue.items() if entry.fallbacks]


def missing_keys(catalogue: Mapping[str, CatalogueEntry], keys: set[str]) -> dict[str, str]:
    """The models that cannot be served with these secrets, each with the name of the one it lacks."""
    return {name: entry.key for name, entry in catalogue.items() if entry.key and entry.key not in keys}


def _served(entry: CatalogueEntry, mock: str | None) -> dict[str, Any]:
    if mock is not None:
        base = mock.rstrip("/") + MOCK_PATHS[entry.provider, entry.mode]
        # A price of nothing would leave spend uncounted.
        costs = entry.costs if any(entry.costs.values()) else MOCK_COSTS
        return {"api_base": base, "api_key": MOCK_KEY, **costs}
    base_url = {"api_base": entry.served_at} if entry.served_at else {}
    return {**base_url, "api_key": f"os.environ/{entry.key}" if entry.key else NO_KEY, **entry.costs}


def _load(file: Path) -> CatalogueEntry:
    try:
        return CatalogueEntry.model_validate(yaml.safe_load(file.read_text()))
    except yaml.YAMLError as error:
        raise CatalogueError(f"{file}: should be YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise CatalogueError(f"{file}: {_sentence(error)}") from error


def _sentence(error: ValidationError) -> str:
    # The value stays unsaid: it may be a key put where its name belongs.
    if error.errors()[0]["loc"] == ("key",):
        return "key should be the name of a secret, such as OLLAMA_API_KEY"
    path, verdict = sentences(error, CatalogueEntry)[0].split(": ", 1)
    return f"{path} {verdict}".strip()


def _problem(name: str, entry: CatalogueEntry, catalogue: Mapping[str, CatalogueEntry]) -> str | None:
    modes = [mode.value for provider, mode in MOCK_PATHS if provider is entry.provider]
    if entry.mode not in modes:
        return f"mode should be {' or '.join(modes)} with provider {entry.provider}, not {entry.mode.value!r}"
    if entry.provider in KEYED and not entry.key and not entry.served_at:
        return f"key is required with provider {entry.provider}: it answers none without"
    for other in catalogue:
        if other < name and catalogue[other].deployment == entry.deployment:
            return f"model is the deployment that {other} is already; one of the two should go"
    return _fallback_problem(name, entry, catalogue)


def _fallback_problem(name: str, entry: CatalogueEntry, catalogue: Mapping[str, CatalogueEntry]) -> str | None:
    if entry.fallbacks and entry.mode is Mode.EMBEDDING:
        return "fallbacks should be left out: vectors of different embedding models do not compare"
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
