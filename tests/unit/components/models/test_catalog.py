"""The catalogue: all files of a folder, and what they say of each other."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.litellm.config_settings import ConfigSettings
from components.litellm.config_yaml import ConfigContext, config_yaml
from components.models.catalog import FOLDER, CatalogueError, load_catalogue, missing_keys, selected
from components.models.model import Model
from components.models.model_list import aliases, fallback_lists, model_list
from components.releases.release import release_for

RELEASE = release_for(None)
CHAT = "provider: openai\nmodel: gpt\napi_key: os.environ/OPENAI_API_KEY\n"
OTHER = CHAT.replace("gpt", "gpt-mini")
EMBEDDING = CHAT + "mode: embedding\n"


def load(folder: Path, **files: str) -> dict[str, Model]:
    """Write files and load their folder."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return load_catalogue(RELEASE, folder)


def refusal(folder: Path, **files: str) -> str:
    """Return why a folder is refused, without its own path."""
    with pytest.raises(CatalogueError) as refused:
        load(folder, **files)
    return str(refused.value).replace(f"{folder}/", "")


PROMISED = """
cogito-2-1-671b-cloud deepseek-v3-1-671b-cloud embed-arctic-l-v2 gemini-1.5-flash gemini-1.5-pro gpt-oss-120b-cloud
gpt-oss-20b-cloud kimi-k2-1t-cloud kimi-k2-thinking-cloud llama3.1-test ministral-3-14b-cloud ministral-3-8b-cloud
mistral-large-3-675b-cloud qwen3-coder-480b-cloud rerank-english-v3.0 rerank-voyage-2 voyage-3 voyage-3-large
"""
"""Models that the project promises; a deployment may have more."""


def test_catalogue_has_every_promised_model() -> None:
    assert set(PROMISED.split()) <= load_catalogue(RELEASE).keys()


def test_readme_says_what_models_need_that_exist() -> None:
    named = set(re.findall(r"^- `([^`]+)`", (FOLDER / "README.md").read_text(), re.MULTILINE))
    assert named
    assert named <= load_catalogue(RELEASE).keys()


def test_models_are_in_the_order_of_their_files(tmp_path: Path) -> None:
    assert list(load(tmp_path, b=OTHER, a=CHAT + "name: z\n")) == ["z", "b"]


def test_folders_of_the_catalogue_may_hold_models(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "small.yaml").write_text(CHAT)
    assert list(load(tmp_path, large=OTHER)) == ["large", "small"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a\n- b\n", "should be a list of keys and values"),
        ("", "should be a list of keys and values"),
        ("a: [", "should be YAML: line 2, column 1: did not find expected node content"),
        ("a: !!bool perhaps\n", "should be YAML: it holds bytes or values that YAML does not allow"),
        (CHAT + "fallbacks: [b, c, d, e, f, g]\n", "fallbacks: must have at most 5 entries, not 6"),
        (CHAT + "fallbacks: [b]\n", "fallbacks: names 'b', which is not in the catalogue; known are a"),
        (CHAT + "context_window_fallbacks: [a]\n", "context_window_fallbacks: names a itself"),
        (CHAT + "aliases: [a]\n", "aliases: a is the name of a model"),
        (CHAT + "name: ''\n", "name: must not be empty"),
        (CHAT + "extra_headers: &a {again: *a}\n", "should not refer to itself"),
    ],
)
def test_wrong_file_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    assert refusal(tmp_path, a=text) == f"a.yaml: {sentence}"


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"provider: \xff\xfe\n")
    assert refusal(tmp_path) == "a.yaml: should be YAML: it holds bytes or values that YAML does not allow"


def test_folder_named_like_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    assert refusal(tmp_path) == "a.yaml: cannot be read: Is a directory"


def test_pipe_named_like_a_file_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    assert refusal(tmp_path) == "a.yaml: cannot be read: it is no regular file"


@pytest.mark.parametrize("secret", ["sk-0123456789abcdef0123", "ghp_0123456789abcdefghij0123"])
@pytest.mark.parametrize(
    "line",
    [
        "api_key: {}", "colour: {}", "{}: red", "mode: {}", "rpm: {}", "fallbacks: [{}]", "timeout: [{}", "key: {}",
        "provider: {}", "extra_headers: {{x-token: {}}}", "api_base: https://user:{}@host/v1", "aliases: {}",
        "name: [{}]",
    ],
)  # fmt: skip
def test_secret_in_a_file_is_not_repeated(tmp_path: Path, line: str, secret: str) -> None:
    replaced = line.partition(":")[0]
    text = "".join(f"{row}\n" for row in CHAT.splitlines() if row.partition(":")[0] != replaced)
    assert secret not in refusal(tmp_path, a=text + line.format(secret) + "\n")


def test_each_mistake_has_a_line_with_its_file(tmp_path: Path) -> None:
    lines = refusal(tmp_path, a=CHAT + "colour: red\nrpm: many\n", b=OTHER + "fallbacks: [c]\n").splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["a.yaml", "colour"],
        ["a.yaml", "rpm"],
        ["b.yaml", "fallbacks"],
    ]


def test_name_of_two_files_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, a=CHAT + "name: one\n", b=OTHER + "name: one\n") == (
        f"b.yaml: name: one is the name of {tmp_path}/a.yaml too".replace(f"{tmp_path}/", "")
    )


def test_alias_of_two_models_is_refused_at_both(tmp_path: Path) -> None:
    assert refusal(tmp_path, a=CHAT + "aliases: [one]\n", b=OTHER + "aliases: [one]\n").splitlines() == [
        "a.yaml: aliases: one is an alias of another model too",
        "b.yaml: aliases: one is an alias of another model too",
    ]


def test_fallback_of_another_mode_is_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, a=CHAT + "fallbacks: [b]\n", b=EMBEDDING)
    assert found == "a.yaml: fallbacks: names 'b', which is for embedding, not chat"


def test_fallback_of_an_embedding_model_is_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, a=EMBEDDING + "fallbacks: [b]\n", b=EMBEDDING.replace("gpt", "gpt-mini"))
    assert found.startswith("a.yaml: fallbacks: should be left out: vectors")


def test_fallback_to_the_same_deployment_is_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, a=CHAT + "fallbacks: [b]\n", b=CHAT + "model_info: {max_tokens: 9}\n")
    assert found == "a.yaml: fallbacks: names 'b', which asks the same deployments and fails with it"


def test_fallback_named_twice_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, a=CHAT + "fallbacks: [b, b]\n", b=OTHER) == "a.yaml: fallbacks: names 'b' twice"


def test_two_models_may_be_each_other_s_fallback(tmp_path: Path) -> None:
    found = load(tmp_path, a=CHAT + "fallbacks: [b]\n", b=OTHER + "fallbacks: [a]\n")
    assert fallback_lists(found) == {"fallbacks": [{"a": ["b"]}, {"b": ["a"]}]}


@pytest.mark.parametrize("fallback", ["second", "openai/gpt-5"])
def test_fallback_may_be_an_alias_or_match_a_wildcard(tmp_path: Path, fallback: str) -> None:
    files = {"b": OTHER + "aliases: [second]\n", "c": CHAT.replace("gpt", "'*'") + "name: openai/*\n"}
    found = load(tmp_path, a=CHAT + f"fallbacks: [{fallback}]\n", **files)
    assert fallback_lists(found) == {"fallbacks": [{"a": [fallback]}]}


def test_file_with_another_ending_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text(OTHER)
    assert refusal(tmp_path, a=CHAT) == "b.yml: its name should end with .yaml; it would be left out"


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="holds no model"):
        load_catalogue(RELEASE, tmp_path)


def test_number_with_an_exponent_is_a_number(tmp_path: Path) -> None:
    (deployment,) = load(tmp_path, a=CHAT + "input_cost_per_token: 1e-6\noutput_cost_per_token: 2.5E-06\n")[
        "a"
    ].deployments
    costs = {name: cost for name, cost in deployment.params.items() if "cost" in name}
    assert costs == {"input_cost_per_token": 1e-6, "output_cost_per_token": 2.5e-6}


def test_version_that_looks_like_a_date_is_a_text(tmp_path: Path) -> None:
    text = "provider: azure\nmodel: gpt\napi_key: os.environ/AZURE_API_KEY\napi_version: 2024-10-21\n"
    assert load(tmp_path, a=text)["a"].deployments[0].params["api_version"] == "2024-10-21"


def test_stack_selects_models_by_name_or_pattern() -> None:
    catalogue = load_catalogue(RELEASE)
    assert list(selected(catalogue, ["voyage-*", "rerank-english-v3.0"])) == [
        "rerank-english-v3.0",
        "voyage-3-large",
        "voyage-3",
    ]
    assert selected(catalogue, ["*"]) == catalogue


def test_pattern_without_a_match_is_refused_with_the_nearest() -> None:
    with pytest.raises(CatalogueError) as refused:
        selected(load_catalogue(RELEASE), ["*", "voyage-4"])
    assert str(refused.value) == "models: 'voyage-4' matches no model; did you mean voyage-3?"


def test_name_with_a_star_is_selected_by_itself(tmp_path: Path) -> None:
    catalogue = load(tmp_path, a=CHAT + "name: openai/*\n", b=OTHER + "name: openai/gpt\n")
    assert list(selected(catalogue, ["openai/gpt"])) == ["openai/gpt"]
    assert list(selected(catalogue, ["openai/*"])) == ["openai/*", "openai/gpt"]


def test_missing_keys_names_each_model_and_its_key() -> None:
    promised = {name: model for name, model in load_catalogue(RELEASE).items() if name in PROMISED.split()}
    assert missing_keys(promised, {"OLLAMA_API_KEY", "VOYAGE_API_KEY"}) == {
        "gemini-1.5-flash": "GEMINI_API_KEY",
        "gemini-1.5-pro": "GEMINI_API_KEY",
        "rerank-english-v3.0": "COHERE_API_KEY",
    }


def test_missing_key_is_the_first_that_is_not_set(tmp_path: Path) -> None:
    text = "provider: bedrock\nmodel: m\naws_access_key_id: os.environ/A\naws_secret_access_key: os.environ/B\n"
    catalogue = load(tmp_path, a=text)
    assert missing_keys(catalogue, set()) == {"a": "A"}
    assert missing_keys(catalogue, {"A"}) == {"a": "B"}
    assert missing_keys(catalogue, {"A", "B"}) == {}


def rendered_in(folder: Path) -> float:
    """Return the processor time that it takes to load a folder and to render config.yaml."""
    begin = time.process_time()
    found = load_catalogue(RELEASE, folder)
    config_yaml(ConfigSettings(), ConfigContext(model_list(found, None), fallback_lists(found), aliases(found)))
    return time.process_time() - begin


@contextmanager
def untraced() -> Iterator[None]:
    """Run the body without the tracer that measures coverage, which takes longer than what it traces."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def test_1800_models_take_at_most_two_seconds_more_than_18(tmp_path: Path) -> None:
    files = [(file.stem, file.read_text()) for file in sorted(FOLDER.glob("*.yaml"))]
    for number in range(100):
        for name, text in files:
            copy = f"{name}-{number}" if number else name
            (tmp_path / f"{copy}.yaml").write_text(f"{text}aliases: [alias-of-{copy}]\n")
    with untraced():
        few, many = (min(rendered_in(folder) for _ in range(2)) for folder in (FOLDER, tmp_path))
    print(f"18 models: {few:.3f} s; 1,800 models: {many:.3f} s")
    assert many - few < 2
