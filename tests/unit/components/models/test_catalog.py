"""What the catalogue of models promises."""

from pathlib import Path

import pytest

from components.mock_provider.server.app import CALLS
from components.models.catalog import (
    CatalogueEntry,
    CatalogueError,
    Mode,
    Provider,
    fallback_list,
    load_catalogue,
    missing_keys,
    model_list,
)

CATALOGUE = Path(__file__).parents[4] / "stacks" / "models"
CHAT = "provider: openai\nmodel: gpt\nmode: chat\nkey: OPENAI_API_KEY\n"
OTHER = CHAT.replace("gpt", "gpt-mini")
MOCK = "http://provider:8090"


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def test_the_catalogue_has_eighteen_models_and_no_mistake() -> None:
    assert len(load_catalogue(CATALOGUE)) == 18


def test_the_readme_names_every_model() -> None:
    readme = (CATALOGUE / "README.md").read_text()
    assert [name for name in load_catalogue(CATALOGUE) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CHAT.replace("chat", "embed"), "mode should be chat, embedding or rerank, not 'embed'"),
        (CHAT.replace("mode: chat\n", ""), "mode is required"),
        (CHAT + "colour: red\n", "colour is not a setting"),
        (CHAT + "input_cost_per_token: -1\n", "input_cost_per_token should be at least 0.0, not -1"),
        (CHAT + "served_at: ollama.com\n", "served_at should match ^https?://"),
        (CHAT.replace("openai", "voyage"), "mode should be embedding or rerank with provider voyage, not 'chat'"),
        (
            CHAT.replace("openai", "opnai"),
            "provider should be openai, ollama_chat, ollama, gemini, voyage or cohere, not",
        ),
        (CHAT.replace("key: OPENAI_API_KEY\n", ""), "key is required with provider openai: it answers none without"),
        (CHAT + "fallbacks: [b, c, d, e, f, g]\n", "fallbacks should have at most 5 entries, not 6"),
        (CHAT + "fallbacks: [b, b]\n", "fallbacks names 'b', which"),
        (CHAT + "fallbacks: [b]\n", "fallbacks names 'b', which is not in the catalogue"),
        (CHAT + "fallbacks: [a]\n", "fallbacks names a itself"),
        (CHAT.replace("chat", "embedding") + "fallbacks: [b]\n", "fallbacks should be left out"),
        ("- a\n- b\n", "should be a list of keys and values"),
        ("a: [", "should be YAML"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(written(tmp_path, a=text))
    assert str(refused.value).startswith(f"{tmp_path}/a.yaml: {sentence}")
    assert "\n" not in str(refused.value)


def test_a_key_put_where_its_name_belongs_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(written(tmp_path, a=CHAT + "key: sk-secret\n"))
    assert "sk-secret" not in str(refused.value)


def test_a_fallback_of_another_mode_is_refused(tmp_path: Path) -> None:
    files = {"a": CHAT + "fallbacks: [b]\n", "b": CHAT.replace("chat", "embedding")}
    with pytest.raises(CatalogueError, match="fallbacks names 'b', which is for embedding, not chat"):
        load_catalogue(written(tmp_path, **files))


def test_two_entries_that_ask_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(written(tmp_path, a=CHAT, b=CHAT + "input_cost_per_token: 1\n"))
    assert (
        str(refused.value) == f"{tmp_path}/b.yaml: model is the deployment that a is already; one of the two should go"
    )


@pytest.mark.parametrize("difference", [("gpt", "gpt-mini"), ("OPENAI_API_KEY", "SECOND_KEY")])
def test_one_model_by_two_keys_or_two_models_by_one_are_two_deployments(
    tmp_path: Path, difference: tuple[str, str]
) -> None:
    assert len(load_catalogue(written(tmp_path, a=CHAT, b=CHAT.replace(*difference)))) == 2


def test_a_fallback_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="fallbacks names 'b' twice"):
        load_catalogue(written(tmp_path, a=CHAT + "fallbacks: [b, b]\n", b=OTHER))


def test_two_models_may_stand_in_for_each_other(tmp_path: Path) -> None:
    files = {"a": CHAT + "fallbacks: [b]\n", "b": OTHER + "fallbacks: [a]\n"}
    assert fallback_list(load_catalogue(written(tmp_path, **files))) == [{"a": ["b"]}, {"b": ["a"]}]


def test_a_server_of_one_s_own_needs_no_key(tmp_path: Path) -> None:
    text = CHAT.replace("key: OPENAI_API_KEY", "served_at: http://localhost:8080/v1")
    assert load_catalogue(written(tmp_path, a=text))["a"].key is None


def test_a_file_that_would_be_left_out_is_refused(tmp_path: Path) -> None:
    (written(tmp_path, a=CHAT) / "b.yml").write_text(OTHER)
    with pytest.raises(CatalogueError, match=r"b\.yml: its name should end with \.yaml"):
        load_catalogue(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="holds no model"):
        load_catalogue(tmp_path)


def test_keys_are_references_and_never_values() -> None:
    keys = {deployment["litellm_params"]["api_key"] for deployment in model_list(load_catalogue(CATALOGUE), None)}
    assert keys == {
        "os.environ/OLLAMA_API_KEY",
        "os.environ/GEMINI_API_KEY",
        "os.environ/VOYAGE_API_KEY",
        "os.environ/COHERE_API_KEY",
        "none",
    }


def test_a_model_is_rendered_as_litellm_reads_it() -> None:
    entry = load_catalogue(CATALOGUE)["gpt-oss-20b-cloud"]
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


def test_the_mock_serves_every_model_and_every_model_costs() -> None:
    for deployment in model_list(load_catalogue(CATALOGUE), MOCK):
        params = deployment["litellm_params"]
        served = params["api_base"].removeprefix(MOCK)
        assert any(path.startswith(served) for path in CALLS), params
        assert params["api_key"] == "mock"
        assert any(cost > 0 for key, cost in params.items() if key.startswith("input_cost")), params


def test_the_mock_serves_every_provider_and_mode() -> None:
    paths = {
        (Provider.OLLAMA_CHAT, Mode.CHAT): "/ollama",
        (Provider.COHERE, Mode.EMBEDDING): "/cohere/v2/embed",
        (Provider.GEMINI, Mode.CHAT): "/gemini/v1beta",
    }
    for (provider, mode), path in paths.items():
        entry = CatalogueEntry(provider=provider, model="m", mode=mode)
        assert model_list({"a": entry}, MOCK + "/")[0]["litellm_params"]["api_base"] == MOCK + path


def test_missing_keys_names_each_model_and_its_key() -> None:
    missing = missing_keys(load_catalogue(CATALOGUE), {"OLLAMA_API_KEY", "VOYAGE_API_KEY"})
    assert missing == {
        "gemini-1.5-flash": "GEMINI_API_KEY",
        "gemini-1.5-pro": "GEMINI_API_KEY",
        "rerank-english-v3.0": "COHERE_API_KEY",
    }


def test_fallbacks_are_rendered_as_litellm_reads_them() -> None:
    assert {"rerank-voyage-2": ["rerank-english-v3.0"]} in fallback_list(load_catalogue(CATALOGUE))
