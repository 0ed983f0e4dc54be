"""One model of the catalogue."""

from pathlib import Path
from typing import Any

import components.models.entry as entry_module
import pytest
from components.models.entry import KEYED, PROVIDERS, CatalogueEntry
from pydantic import ValidationError

PROVIDER_FILE = Path(entry_module.__file__).with_name("providers.txt")
ENTRY = {"provider": "openai", "model": "gpt", "mode": "chat", "api_key": "os.environ/OPENAI_API_KEY"}


def entry(**changes: Any) -> CatalogueEntry:
    return CatalogueEntry.model_validate(ENTRY | changes)


def test_provider_list_is_sorted_and_has_no_duplicates() -> None:
    listed = [line for line in PROVIDER_FILE.read_text().splitlines() if not line.startswith("#")]
    assert listed == sorted(set(listed))
    assert frozenset(listed) == PROVIDERS
    assert "" not in PROVIDERS


def test_provider_list_has_the_usual_ones() -> None:
    usual = "anthropic azure bedrock cohere gemini groq mistral ollama ollama_chat openai vertex_ai voyage"
    assert set(usual.split()) <= PROVIDERS


def test_keyed_providers_are_known() -> None:
    assert KEYED <= PROVIDERS


def test_every_provider_of_the_list_is_accepted() -> None:
    assert {entry(provider=provider).provider for provider in PROVIDERS} == PROVIDERS


@pytest.mark.parametrize(
    ("provider", "nearest"),
    [("opnai", "openai"), ("geminy", "gemini"), ("bedrok", "bedrock"), ("antropic", "anthropic"), ("OpenAI", None)],
)
def test_unknown_provider_is_refused_with_the_nearest(provider: str, nearest: str | None) -> None:
    with pytest.raises(ValidationError) as refused:
        entry(provider=provider)
    (fault,) = refused.value.errors()
    assert str(fault["ctx"]["error"]).startswith(f"{provider!r} is no provider of LiteLLM; ")
    assert nearest is None or str(fault["ctx"]["error"]).endswith(f"did you mean {nearest}?")


@pytest.mark.parametrize("key", ["OPENAI_API_KEY", "os.environ/", "os.environ/openai", "os.environ/A-B", "sk-1", ""])
def test_api_key_is_a_reference(key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        entry(api_key=key)
    assert [fault["loc"] for fault in refused.value.errors()] == [("api_key",)]


def test_key_name_is_the_secret_s_name() -> None:
    assert entry().key_name == "OPENAI_API_KEY"
    assert entry(api_key=None).key_name is None


@pytest.mark.parametrize("base", ["ollama.com", "ftp://a", "http://", "http:// a"])
def test_api_base_is_a_web_address(base: str) -> None:
    with pytest.raises(ValidationError, match="api_base"):
        entry(api_base=base)


def test_costs_are_those_that_are_stated() -> None:
    assert entry(input_cost_per_token=0.0, input_cost_per_query=0.5).costs == {
        "input_cost_per_token": 0.0,
        "input_cost_per_query": 0.5,
    }
    assert entry().costs == {}


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "azure"},
        {"model": "gpt-mini"},
        {"mode": "embedding"},
        {"api_key": "os.environ/SECOND_KEY"},
        {"api_base": "http://localhost/v1"},
    ],
    ids=str,
)
def test_another_question_is_another_deployment(change: dict[str, str]) -> None:
    assert entry(**change).deployment != entry().deployment


def test_prices_and_fallbacks_do_not_make_another_deployment() -> None:
    assert entry(input_cost_per_token=1, fallbacks=("b",)).deployment == entry().deployment
