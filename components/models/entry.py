"""One model of the catalogue, as its file in `stacks/models` describes it."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from pydantic import Field, field_validator

from components.settings.base import SettingsModel
from components.settings.errors import nearest

PROVIDERS = frozenset(
    line
    for line in Path(__file__).with_name("providers.txt").read_text().splitlines()
    if line and not line.startswith("#")
)
"""LiteLLM's names of all providers that the release knows."""

KEYED = frozenset({"cohere", "gemini", "openai", "voyage"})
"""Providers that answer no request without a key at their own address."""

KEY_REFERENCE = "os.environ/"
COSTS = frozenset({"input_cost_per_token", "output_cost_per_token", "input_cost_per_query"})


class Mode(StrEnum):
    """What a model does."""

    CHAT = "chat"
    EMBEDDING = "embedding"
    RERANK = "rerank"


class CatalogueEntry(SettingsModel):
    """One model. Its file's name is the name that clients ask for."""

    renamed: ClassVar[Mapping[str, str]] = {"key": "api_key: os.environ/NAME", "served_at": "api_base"}

    provider: str
    """Whose API serves the model, by LiteLLM's name (https://docs.litellm.ai/docs/providers). Ollama's chat API is
    `ollama_chat`; `ollama` embeds."""
    model: str = Field(min_length=1)
    """The provider's own id of the model, such as `gpt-oss:120b`."""
    mode: Mode
    """What the model does."""
    api_key: str | None = Field(None, pattern=r"^os\.environ/[A-Z][A-Z0-9_]*$")
    """Reference to the provider's key, such as `os.environ/OLLAMA_API_KEY`; null: no key is needed. The key itself is
    in `provider_keys` of a stack."""
    api_base: str | None = Field(None, pattern=r"^https?://[^\s/]+")
    """Base URL of the API; null: the provider's own."""
    input_cost_per_token: float | None = Field(None, ge=0)
    """USD for a token of input; null: LiteLLM's price list applies."""
    output_cost_per_token: float | None = Field(None, ge=0)
    """USD for a token of output; null: LiteLLM's price list applies."""
    input_cost_per_query: float | None = Field(None, ge=0)
    """USD for a rerank search, where the provider charges so; null: LiteLLM's price list applies."""
    fallbacks: tuple[str, ...] = Field((), max_length=5)
    """Models of the catalogue to ask when this one fails, in this order; then their fallbacks. LiteLLM asks no model
    twice for one request, so two may stand in for each other, and stops after five
    (https://docs.litellm.ai/docs/routing)."""

    @field_validator("provider")
    @classmethod
    def _provider_is_known(cls, provider: str) -> str:
        if provider not in PROVIDERS:
            raise ValueError(f"{provider!r} is no provider of LiteLLM; {nearest(provider, sorted(PROVIDERS))}")
        return provider

    @property
    def key_name(self) -> str | None:
        """Name of the secret that holds the provider's key; None: no key is needed."""
        return self.api_key.removeprefix(KEY_REFERENCE) if self.api_key else None

    @property
    def deployment(self) -> tuple[str | None, ...]:
        """What is asked. Two entries that ask the same fail together."""
        return (self.provider, self.model, self.mode, self.api_key, self.api_base)

    @property
    def costs(self) -> dict[str, float]:
        """The prices that this entry states, under LiteLLM's names."""
        stated = self.model_dump(include=set(COSTS))
        return {name: cost for name, cost in stated.items() if cost is not None}
