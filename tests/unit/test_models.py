"""A catalogue with a mistake refuses the whole program, with the path of the entry, before anything is made."""

import shutil
from pathlib import Path

import pulumi
import pytest

from components.stack import settings
from tests.unit.program import PROJECT, run, stack_config

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
        "provider should be openai, ollama_chat, ollama, gemini, voyage or cohere",
    ),
    "missing key": ("key: null", "key is required with provider gemini"),
    "key in place of its name": ("key: sk-not-to-be-seen", "key should be the name of a secret"),
}


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the catalogue, which the program reads."""
    folder = shutil.copytree(PROJECT / "stacks" / "models", tmp_path / "models")
    monkeypatch.setattr(settings, "CATALOGUE", folder)
    return folder


@pytest.mark.parametrize("case", MISTAKES)
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_mistake_in_the_catalogue_refuses_the_stack_by_its_file_and_key(
    monkeypatch: pytest.MonkeyPatch, catalogue: Path, stack: str, case: str
) -> None:
    line, sentence = MISTAKES[case]
    entry = {"provider": "gemini", "model": "gemini-new", "mode": "chat", "key": "GEMINI_API_KEY"}
    key, value = line.split(": ", 1)
    text = "".join(f"{key}: {value}\n" for key, value in (entry | {key: value}).items())
    (catalogue / "zz-new.yaml").write_text(text)
    with pytest.raises(pulumi.RunError) as refused:
        run(monkeypatch, stack, stack_config(stack))
    assert str(refused.value).startswith(f"{catalogue}/zz-new.yaml: {sentence}")
    assert "not-to-be-seen" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_catalogue_without_a_mistake_is_taken(monkeypatch: pytest.MonkeyPatch, catalogue: Path) -> None:
    entry = "provider: gemini\nmodel: gemini-new\nmode: chat\nkey: GEMINI_API_KEY\nfallbacks: [gpt-oss-20b-cloud]\n"
    (catalogue / "zz-new.yaml").write_text(entry)
    config = run(monkeypatch, "dev", stack_config("dev")).files("litellm-config")["/etc/gateway/config.yaml"]
    assert "model_name: zz-new" in config
    assert "zz-new:\n" in config or "zz-new: " in config
