"""The catalogue of models, and what LiteLLM reads of it."""

from pathlib import Path

import pytest
from components.models.entry import CatalogueEntry, Mode

from components.mock_provider.routes import URL, route
from components.mock_provider.server.app import CALLS
from components.models.catalog import (
    FOLDER,
    CatalogueError,
    fallback_list,
    load_catalogue,
    missing_keys,
    model_list,
)

CHAT = "provider: openai\nmodel: gpt\nmode: chat\napi_key: os.environ/OPENAI_API_KEY\n"
OTHER = CHAT.replace("gpt", "gpt-mini")


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def test_catalogue_has_eighteen_models() -> None:
    assert len(load_catalogue(FOLDER)) == 18


def test_readme_names_every_model() -> None:
    readme = (FOLDER / "README.md").read_text()
    assert [name for name in load_catalogue(FOLDER) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CHAT.replace("chat", "embed"), "mode should be chat, embedding or rerank, not 'embed'"),
        (CHAT.replace("mode: chat\n", ""), "mode is required"),
        (CHAT + "colour: red\n", "colour is not a setting"),
        (CHAT + "input_cost_per_token: -1\n", "input_cost_per_token should be at least 0.0, not -1"),
        (CHAT + "api_base: ollama.com\n", "api_base should match ^https?://"),
        (CHAT + "served_at: https://ollama.com\n", "served_at is an old name; write api_base"),
        (CHAT + "key: OPENAI_API_KEY\n", "key is an old name; write api_key: os.environ/NAME"),
        (CHAT.replace("openai", "opnai"), "provider 'opnai' is no provider of LiteLLM; did you mean openai?"),
        (
            CHAT.replace("api_key: os.environ/OPENAI_API_KEY\n", ""),
            "api_key is required with provider openai: it answers no request without a key",
        ),
        (
            CHAT.replace("os.environ/OPENAI_API_KEY", "OPENAI_API_KEY"),
            "api_key should be a reference to the secret, such as os.environ/OLLAMA_API_KEY",
        ),
        (CHAT + "fallbacks: [b, c, d, e, f, g]\n", "fallbacks should have at most 5 entries, not 6"),
        (CHAT + "fallbacks: [b, b]\n", "fallbacks names 'b', which"),
        (CHAT + "fallbacks: [b]\n", "fallbacks names 'b', which is not in the catalogue"),
        (CHAT + "fallbacks: [a]\n", "fallbacks names a itself"),
        (CHAT.replace("chat", "embedding") + "fallbacks: [b]\n", "fallbacks should be left out"),
        ("- a\n- b\n", "should be a list of keys and values"),
        ("a: [", "should be YAML"),
    ],
)
def test_wrong_entry_is_refused_with_its_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(written(tmp_path, a=text))
    assert str(refused.value).startswith(f"{tmp_path}/a.yaml: {sentence}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("line", ["api_key: sk-secret\n", "key: sk-secret\n"])
def test_key_in_place_of_its_reference_is_not_repeated(tmp_path: Path, line: str) -> None:
    text = CHAT.replace("api_key: os.environ/OPENAI_API_KEY\n", line)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(written(tmp_path, a=text))
    assert "sk-secret" not in str(refused.value)


def test_fallback_of_another_mode_is_refused(tmp_path: Path) -> None:
    files = {"a": CHAT + "fallbacks: [b]\n", "b": CHAT.replace("chat", "embedding")}
    with pytest.raises(CatalogueError, match="fallbacks names 'b', which is for embedding, not chat"):
        load_catalogue(written(tmp_path, **files))


def test_two_entries_of_one_deployment_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(written(tmp_path, a=CHAT, b=CHAT + "input_cost_per_token: 1\n"))
    assert str(refused.value) == (
        f"{tmp_path}/b.yaml: model is the deployment that a is already; remove one of the two"
    )


@pytest.mark.parametrize("difference", [("gpt", "gpt-mini"), ("OPENAI_API_KEY", "SECOND_KEY")])
def test_another_model_or_key_is_another_deployment(tmp_path: Path, difference: tuple[str, str]) -> None:
    assert len(load_catalogue(written(tmp_path, a=CHAT, b=CHAT.replace(*difference)))) == 2


def test_fallback_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="fallbacks names 'b' twice"):
        load_catalogue(written(tmp_path, a=CHAT + "fallbacks: [b, b]\n", b=OTHER))


def test_two_models_may_be_each_other_s_fallback(tmp_path: Path) -> None:
    files = {"a": CHAT + "fallbacks: [b]\n", "b": OTHER + "fallbacks: [a]\n"}
    assert fallback_list(load_catalogue(written(tmp_path, **files))) == [{"a": ["b"]}, {"b": ["a"]}]


def test_server_of_one_s_own_needs_no_key(tmp_path: Path) -> None:
    text = CHAT.replace("api_key: os.environ/OPENAI_API_KEY", "api_base: http://localhost:8080/v1")
    assert load_catalogue(written(tmp_path, a=text))["a"].api_key is None


def test_file_with_another_ending_is_refused(tmp_path: Path) -> None:
    (written(tmp_path, a=CHAT) / "b.yml").write_text(OTHER)
    with pytest.raises(CatalogueError, match=r"b\.yml: its name should end with \.yaml"):
        load_catalogue(tmp_path)


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="holds no model"):
        load_catalogue(tmp_path)


def test_keys_are_references_and_never_values() -> None:
    keys = {deployment["litellm_params"]["api_key"] for deployment in model_list(load_catalogue(FOLDER), None)}
    assert keys == {
        "os.environ/OLLAMA_API_KEY",
        "os.environ/GEMINI_API_KEY",
        "os.environ/VOYAGE_API_KEY",
        "os.environ/COHERE_API_KEY",
        "none",
    }


def test_model_is_written_as_litellm_reads_it() -> None:
    entry = load_catalogue(FOLDER)["gpt-oss-20b-cloud"]
    assert model_list({"gpt-oss-20b-cloud": entry}, None) == [
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


def test_mock_provider_serves_every_model_at_a_price() -> None:
    for deployment in model_list(load_catalogue(FOLDER), route):
        params = deployment["litellm_params"]
        served = params["api_base"].removeprefix(URL)
        assert any(path.startswith(served) for path in CALLS), params
        assert params["api_key"] == "mock"
        assert any(cost > 0 for key, cost in params.items() if key.startswith("input_cost")), params


@pytest.mark.parametrize(
    ("provider", "mode", "path"),
    [
        ("ollama_chat", Mode.CHAT, "/ollama"),
        ("cohere", Mode.EMBEDDING, "/cohere/v2/embed"),
        ("gemini", Mode.CHAT, "/gemini/v1beta"),
    ],
)
def test_mocked_model_keeps_its_provider_where_it_is_imitated(provider: str, mode: Mode, path: str) -> None:
    entry = CatalogueEntry(provider=provider, model="m", mode=mode)
    params = model_list({"a": entry}, route)[0]["litellm_params"]
    assert (params["model"], params["api_base"]) == (f"{provider}/m", URL + path)


@pytest.mark.parametrize(
    ("provider", "model"), [("anthropic", "claude-sonnet-4-5"), ("bedrock", "anthropic.claude-v2:1"), ("groq", "gpt")]
)
def test_model_of_another_provider_is_mocked_in_openai_s_form(tmp_path: Path, provider: str, model: str) -> None:
    text = f"provider: {provider}\nmodel: {model}\nmode: chat\napi_key: os.environ/OTHER_API_KEY\n"
    catalogue = load_catalogue(written(tmp_path, a=text))
    (served,), (mocked,) = model_list(catalogue, None), model_list(catalogue, route)
    assert served["litellm_params"] == {"model": f"{provider}/{model}", "api_key": "os.environ/OTHER_API_KEY"}
    assert mocked["litellm_params"] == {
        "model": f"openai/{model}",
        "api_base": f"{URL}/openai/v1",
        "api_key": "mock",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
    }


def test_model_that_needs_no_key_is_sent_none(tmp_path: Path) -> None:
    text = "provider: bedrock\nmodel: m\nmode: chat\n"
    (served,) = model_list(load_catalogue(written(tmp_path, a=text)), None)
    assert served["litellm_params"]["api_key"] == "none"


def test_missing_keys_names_each_model_and_its_key() -> None:
    missing = missing_keys(load_catalogue(FOLDER), {"OLLAMA_API_KEY", "VOYAGE_API_KEY"})
    assert missing == {
        "gemini-1.5-flash": "GEMINI_API_KEY",
        "gemini-1.5-pro": "GEMINI_API_KEY",
        "rerank-english-v3.0": "COHERE_API_KEY",
    }


def test_fallbacks_are_written_as_litellm_reads_them() -> None:
    assert {"rerank-voyage-2": ["rerank-english-v3.0"]} in fallback_list(load_catalogue(FOLDER))
