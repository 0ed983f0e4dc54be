"""The program with other catalogues of models."""

import shutil
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.models.catalog import FOLDER, load_catalogue
from tests.unit.program import Program, run, stack_config

MISTAKES = {
    "dangling fallback": ("fallbacks: [gpt-oss-20b-clou]", "fallbacks names 'gpt-oss-20b-clou', which is not in the"),
    "fallback to itself": ("fallbacks: [zz-new]", "fallbacks names zz-new itself"),
    "fallback of another mode": ("fallbacks: [voyage-3]", "fallbacks names 'voyage-3', which is for embedding, not"),
    "fallback named twice": (
        "fallbacks: [gpt-oss-20b-cloud, gpt-oss-20b-cloud]",
        "fallbacks names 'gpt-oss-20b-cloud'",
    ),
    "duplicate deployment": ("model: gemini-1.5-pro", "model is the deployment that gemini-1.5-pro is already"),
    "unknown provider": (
        "provider: geminy",
        "provider 'geminy' is no provider of LiteLLM; did you mean gemini?",
    ),
    "missing key": ("api_key: null", "api_key is required with provider gemini"),
    "key in place of its reference": ("api_key: sk-not-to-be-seen", "api_key should be a reference to the secret"),
    "old name of the key": ("key: GEMINI_API_KEY", "key is an old name; write api_key: os.environ/NAME"),
    "old name of the base URL": ("served_at: http://localhost", "served_at is an old name; write api_base"),
}


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the catalogue, which the program reads."""
    folder = shutil.copytree(FOLDER, tmp_path / "models")
    monkeypatch.setattr("components.stack.settings.load_catalogue", lambda: load_catalogue(folder))
    return folder


@pytest.mark.parametrize("case", MISTAKES)
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_mistake_refuses_the_stack_with_file_and_key(
    monkeypatch: pytest.MonkeyPatch, catalogue: Path, stack: str, case: str
) -> None:
    line, sentence = MISTAKES[case]
    entry = {"provider": "gemini", "model": "gemini-new", "mode": "chat", "api_key": "os.environ/GEMINI_API_KEY"}
    key, value = line.split(": ", 1)
    text = "".join(f"{key}: {value}\n" for key, value in (entry | {key: value}).items())
    (catalogue / "zz-new.yaml").write_text(text)
    with pytest.raises(pulumi.RunError) as refused:
        run(monkeypatch, stack, stack_config(stack))
    assert str(refused.value).startswith(f"{catalogue}/zz-new.yaml: {sentence}")
    assert "not-to-be-seen" not in str(refused.value)
    assert "\n" not in str(refused.value)


def served(program: Program, name: str) -> dict[str, Any]:
    """Return what config.yaml says of a model."""
    config = yaml.safe_load(program.files("litellm-config")["/etc/gateway/config.yaml"])
    (found,) = (entry for entry in config["model_list"] if entry["model_name"] == name)
    return dict(found["litellm_params"])


def test_good_catalogue_is_accepted(monkeypatch: pytest.MonkeyPatch, catalogue: Path) -> None:
    (catalogue / "zz-new.yaml").write_text(
        "provider: gemini\nmodel: gemini-new\nmode: chat\napi_key: os.environ/GEMINI_API_KEY\n"
        "fallbacks: [gpt-oss-20b-cloud]\n"
    )
    config = run(monkeypatch, "dev", stack_config("dev")).files("litellm-config")["/etc/gateway/config.yaml"]
    assert "model_name: zz-new" in config
    assert {"zz-new": ["gpt-oss-20b-cloud"]} in yaml.safe_load(config)["router_settings"]["fallbacks"]


@pytest.mark.parametrize("provider", ["anthropic", "bedrock"])
def test_any_provider_is_served_in_prod_and_mocked_in_dev(
    monkeypatch: pytest.MonkeyPatch, catalogue: Path, provider: str
) -> None:
    (catalogue / "zz-new.yaml").write_text(
        f"provider: {provider}\nmodel: claude-new\nmode: chat\napi_key: os.environ/NEW_API_KEY\n"
    )
    prod, dev = (run(monkeypatch, stack, stack_config(stack)) for stack in ("prod", "dev"))
    assert served(prod, "zz-new") == {"model": f"{provider}/claude-new", "api_key": "os.environ/NEW_API_KEY"}
    assert served(dev, "zz-new") == {
        "model": "openai/claude-new",
        "api_base": "http://provider:8090/openai/v1",
        "api_key": "mock",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
    }
