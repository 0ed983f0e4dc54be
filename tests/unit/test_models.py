"""The program with other catalogues of models."""

import shutil
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.models.catalog import FOLDER
from tests.unit.program import Program, run, stack_config

NEW = {"provider": "gemini", "model": "gemini-new", "mode": "chat", "api_key": "os.environ/GEMINI_API_KEY"}
MISTAKES = {
    "dangling fallback": ("fallbacks: [gpt-oss-20b-clou]", "fallbacks: names 'gpt-oss-20b-clou', which is not in the"),
    "fallback to itself": ("fallbacks: [zz-new]", "fallbacks: names zz-new itself"),
    "fallback of another mode": ("fallbacks: [voyage-3]", "fallbacks: names 'voyage-3', which is for embedding, not"),
    "fallback named twice": (
        "fallbacks: [gpt-oss-20b-cloud, gpt-oss-20b-cloud]",
        "fallbacks: names 'gpt-oss-20b-cloud' twice",
    ),
    "unknown provider": ("provider: geminy", "provider: 'geminy' is no provider of LiteLLM; did you mean gemini?"),
    "missing key": ("api_key: null", "api_key: is required with provider gemini"),
    "key in place of its reference": (
        "api_key: sk-not-to-be-seen",
        "api_key: holds a secret in clear",
    ),
    "old name of the key": ("key: GEMINI_API_KEY", "key: is an old name; write api_key: os.environ/NAME"),
    "old name of the base URL": ("served_at: http://localhost", "served_at: is an old name; write api_base"),
    "name of another model": ("name: voyage-3", "name: voyage-3 is the name of"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue."""
    return shutil.copytree(FOLDER, tmp_path / "models")


def config_of(stack: str, folder: Path, **more: object) -> dict[str, Any]:
    """Return a stack's configuration with another catalogue."""
    return stack_config(stack) | {"gateway:model_folder": str(folder)} | {f"gateway:{key}": more[key] for key in more}


@pytest.mark.parametrize("case", MISTAKES)
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_mistake_refuses_the_stack_with_file_and_key(
    monkeypatch: pytest.MonkeyPatch, folder: Path, stack: str, case: str
) -> None:
    line, sentence = MISTAKES[case]
    key, value = line.split(": ", 1)
    given = {**NEW, key: value}
    text = "".join(f"{key}: {value}\n" for key, value in given.items() if value != "null")
    (folder / "zz-new.yaml").write_text(text)
    with pytest.raises(pulumi.RunError) as refused:
        run(monkeypatch, stack, config_of(stack, folder))
    assert str(refused.value).startswith(f"{folder}/zz-new.yaml: {sentence}")
    assert "not-to-be-seen" not in str(refused.value)
    assert "\n" not in str(refused.value)


def served(program: Program, name: str) -> dict[str, Any]:
    """Return what config.yaml says of a model."""
    config = yaml.safe_load(program.files("litellm-config")["/etc/gateway/config.yaml"])
    (found,) = (entry for entry in config["model_list"] if entry["model_name"] == name)
    return dict(found["litellm_params"])


def test_good_catalogue_is_accepted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "zz-new.yaml").write_text(yaml.safe_dump({**NEW, "fallbacks": ["gpt-oss-20b-cloud"], "aliases": ["new"]}))
    text = run(monkeypatch, "dev", config_of("dev", folder)).files("litellm-config")["/etc/gateway/config.yaml"]
    router = yaml.safe_load(text)["router_settings"]
    assert "model_name: zz-new" in text
    assert {"zz-new": ["gpt-oss-20b-cloud"]} in router["fallbacks"]
    assert router["model_group_alias"] == {"new": "zz-new"}


@pytest.mark.parametrize("provider", ["anthropic", "bedrock"])
def test_any_provider_is_served_in_prod_and_mocked_in_dev(
    monkeypatch: pytest.MonkeyPatch, folder: Path, provider: str
) -> None:
    (folder / "zz-new.yaml").write_text(f"provider: {provider}\nmodel: claude-new\napi_key: os.environ/NEW_API_KEY\n")
    prod, dev = (run(monkeypatch, stack, config_of(stack, folder)) for stack in ("prod", "dev"))
    assert served(prod, "zz-new") == {"model": f"{provider}/claude-new", "api_key": "os.environ/NEW_API_KEY"}
    assert served(dev, "zz-new") == {
        "model": "openai/claude-new",
        "api_base": "http://provider:8090/openai/v1",
        "api_key": "mock",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
    }


def test_stack_has_only_the_models_that_it_selects(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    program = run(monkeypatch, "dev", config_of("dev", folder, models=["voyage-*", "rerank-voyage-2"]))
    config = yaml.safe_load(program.files("litellm-config")["/etc/gateway/config.yaml"])
    assert [entry["model_name"] for entry in config["model_list"]] == ["rerank-voyage-2", "voyage-3-large", "voyage-3"]
    # Its fallback is of a model that the stack lacks.
    assert "fallbacks" not in config["router_settings"]


def test_pattern_that_matches_no_model_refuses_the_stack(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"^models: 'voyage-9' matches no model; did you mean voyage-3\?$"):
        run(monkeypatch, "dev", config_of("dev", folder, models=["voyage-9"]))
