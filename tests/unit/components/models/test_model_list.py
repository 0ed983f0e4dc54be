"""The catalogue in config.yaml."""

from typing import Any

import pytest

from components.mock_provider.routes import URL, route
from components.mock_provider.server.app import CALLS
from components.models.catalog import load_catalogue
from components.models.model import Model, ModelFile, model_of
from components.models.model_list import CREDENTIALS, MOCK_KEEPS, aliases, fallback_lists, model_list
from components.releases.release import release_for

RELEASE = release_for(None)


def model(name: str = "a", **given: Any) -> dict[str, Model]:
    """Return a catalogue of one model."""
    return {name: model_of(name, ModelFile.model_validate(given), RELEASE)}


def params(catalogue: dict[str, Model], *, mocked: bool = False) -> dict[str, Any]:
    """Return the parameters of the only deployment."""
    (entry,) = model_list(catalogue, route if mocked else None)
    return dict(entry["litellm_params"])


def test_model_is_written_as_litellm_reads_it() -> None:
    catalogue = load_catalogue(RELEASE)
    assert model_list({"gpt-oss-20b-cloud": catalogue["gpt-oss-20b-cloud"]}, None) == [
        {
            "model_name": "gpt-oss-20b-cloud",
            "litellm_params": {
                "model": "ollama_chat/gpt-oss:20b",
                "api_base": "https://ollama.com",
                "api_key": "os.environ/OLLAMA_API_KEY",
                "input_cost_per_token": 0.0,
                "output_cost_per_token": 0.0,
            },
            "model_info": {"mode": "chat"},
        }
    ]


def test_keys_are_references_and_never_values() -> None:
    keys = {entry["litellm_params"].get("api_key", "none") for entry in model_list(load_catalogue(RELEASE), None)}
    assert "os.environ/OLLAMA_API_KEY" in keys
    assert [key for key in keys if key != "none" and not key.startswith("os.environ/")] == []


def test_each_deployment_is_an_entry_of_one_name() -> None:
    catalogue = model(
        model="gpt-4o",
        rpm=5,
        model_info={"supports_vision": True},
        deployments=[
            {"provider": "azure", "api_key": "os.environ/A", "model_info": {"base_model": "azure/gpt-4o"}},
            {"provider": "groq", "api_key": "os.environ/B", "tpm": 2},
        ],
    )
    assert model_list(catalogue, None) == [
        {
            "model_name": "a",
            "litellm_params": {"model": "azure/gpt-4o", "api_key": "os.environ/A", "rpm": 5},
            "model_info": {"mode": "chat", "supports_vision": True, "base_model": "azure/gpt-4o"},
        },
        {
            "model_name": "a",
            "litellm_params": {"model": "groq/gpt-4o", "api_key": "os.environ/B", "rpm": 5, "tpm": 2},
            "model_info": {"mode": "chat", "supports_vision": True},
        },
    ]


def test_own_address_without_a_key_is_sent_none() -> None:
    found = params(model(provider="hosted_vllm", model="m", api_base="http://host:8000/v1", rpm=5))
    assert found == {"model": "hosted_vllm/m", "api_base": "http://host:8000/v1", "api_key": "none", "rpm": 5}


@pytest.mark.parametrize("name", sorted(CREDENTIALS))
def test_other_credentials_take_the_place_of_a_key(name: str) -> None:
    given = {"provider": "azure", "model": "m", "api_base": "http://host", name: "os.environ/OTHER"}
    assert "api_key" not in params(model(**given))


def test_provider_s_own_address_without_a_key_is_sent_no_key() -> None:
    assert params(model(provider="bedrock", model="m", aws_region_name="eu-west-1")) == {
        "model": "bedrock/m",
        "aws_region_name": "eu-west-1",
    }


def test_mock_provider_serves_every_model_at_a_price() -> None:
    for entry in model_list(load_catalogue(RELEASE), route):
        found = entry["litellm_params"]
        served = found["api_base"].removeprefix(URL)
        assert any(path.startswith(served) for path in CALLS), found
        assert found["api_key"] == "mock"
        assert any(cost > 0 for key, cost in found.items() if key.startswith("input_cost")), found


@pytest.mark.parametrize(
    ("provider", "mode", "path"),
    [
        ("ollama_chat", "chat", "/ollama"),
        ("cohere", "embedding", "/cohere/v2/embed"),
        ("gemini", "chat", "/gemini/v1beta"),
    ],
)
def test_mocked_model_keeps_its_provider_where_it_is_imitated(provider: str, mode: str, path: str) -> None:
    found = params(model(provider=provider, model="m", mode=mode, api_key="os.environ/A"), mocked=True)
    assert (found["model"], found["api_base"]) == (f"{provider}/m", URL + path)


@pytest.mark.parametrize("provider", ["anthropic", "bedrock", "groq"])
def test_model_of_another_provider_is_mocked_in_openai_s_form(provider: str) -> None:
    assert params(model(provider=provider, model="m", api_key="os.environ/A", aws_region_name="x"), mocked=True) == {
        "model": "openai/m",
        "api_base": f"{URL}/openai/v1",
        "api_key": "mock",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
    }


def test_mocked_model_keeps_routing_and_prices() -> None:
    kept: dict[str, Any] = dict.fromkeys(MOCK_KEEPS - {"budget_duration", "drop_params", "tags"}, 3) | {
        "input_cost_per_token": 0.5
    }
    catalogue = model(provider="groq", model="m", extra_headers={"a": "b"}, **kept)
    found = params(catalogue, mocked=True)
    assert found.items() >= kept.items()
    assert "extra_headers" not in found


def test_parameters_that_the_mock_keeps_are_litellm_s() -> None:
    assert RELEASE.litellm_params.keys() >= MOCK_KEEPS
    assert RELEASE.litellm_params.keys() >= CREDENTIALS


def test_fallbacks_are_listed_by_kind() -> None:
    catalogue = {
        **model("a", provider="groq", model="m", fallbacks=["b", "c"], context_window_fallbacks=["c"]),
        **model("b", provider="groq", model="n", content_policy_fallbacks=["a"], aliases=["c"]),
    }
    assert fallback_lists(catalogue) == {
        "fallbacks": [{"a": ["b", "c"]}],
        "context_window_fallbacks": [{"a": ["c"]}],
        "content_policy_fallbacks": [{"b": ["a"]}],
    }
    assert aliases(catalogue) == {"c": "b"}


def test_fallbacks_to_models_that_the_stack_lacks_are_left_out() -> None:
    catalogue = {
        **model("a", provider="groq", model="m", fallbacks=["b", "groq/n"], context_window_fallbacks=["b"]),
        **model("groq/*", provider="groq", model="*"),
    }
    assert fallback_lists(catalogue) == {"fallbacks": [{"a": ["groq/n"]}]}


def test_fallbacks_of_the_project_s_models_are_written() -> None:
    assert {"rerank-voyage-2": ["rerank-english-v3.0"]} in fallback_lists(load_catalogue(RELEASE))["fallbacks"]
