"""Every example of docs/models.md is accepted as it stands there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.litellm.config_yaml import document
from components.stack.checks.warnings import warnings
from components.stack.read import parse
from components.stack.settings import Settings
from testbed.certificates import valid_now

PAGE = Path(__file__).parents[3] / "docs" / "models.md"
BLOCK = re.compile(r"^```(yaml|python|sh)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# (stacks/\S+)\n")
SECRET = re.compile(r"pulumi config set --secret (?:--path\s+'gateway:(\w+)\.(\w+)'|gateway:(\w+))")
"""A command that sets a secret: a variable of a group, or a setting."""
STACK_FILE = "stacks/Pulumi.prod.yaml"
FEATURES = {
    "Anthropic": "claude", "Azure": "gpt-4o-azure", "Bedrock": "claude-bedrock", "Vertex AI": "gemini-vertex",
    "OpenRouter": "llama-openrouter", "Groq": "llama-groq", "vLLM": "qwen-vllm", "load balancing": "gpt-4o",
    "wildcard": "openai/*",
}  # fmt: skip
"""What the page shows → the model that shows it."""

Config = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """An example: the name of its file and its text."""

    file: str
    text: str


TEXT = PAGE.read_text()
BLOCKS = [Block(found[1], text) for kind, text in BLOCK.findall(TEXT) if kind != "sh" if (found := FILE.match(text))]
STACKS: list[Config] = [yaml.safe_load(block.text)["config"] for block in BLOCKS if block.file == STACK_FILE]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the page."""
    for block in BLOCKS:
        if block.file != STACK_FILE:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text)
    (tmp_path / "stacks" / "authorities.pem").write_text(valid_now().split("-----BEGIN PRIVATE KEY")[0])
    return tmp_path


def settings_of(config: Config, folder: Path) -> Settings:
    """Return the settings of a stack that has the models of the page and the secrets that it tells to set."""
    config = json.loads(json.dumps(config))
    config.setdefault("gateway:model_folder", "stacks/models")
    # A path that begins at the root does not begin at the project.
    config["gateway:model_folder"] = str(folder / config["gateway:model_folder"])
    litellm = config.setdefault("gateway:litellm", {})
    litellm.update(
        {name: str(folder / litellm[name]) for name in ("python_folder", "ca_certificates") if name in litellm}
    )
    secrets: dict[str, Any] = {"provider_keys": dict.fromkeys(references(folder / "stacks" / "models"), "a key")}
    for group, name, setting in SECRET.findall(TEXT):
        if setting:
            secrets[setting] = "a secret"
        elif name != "NAME":
            secrets.setdefault(group, {})[name] = "a secret"
    config |= {f"gateway:{name}": value for name, value in secrets.items()}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    return parse(texts, "gateway")


def references(models: Path) -> list[str]:
    return re.findall(r"os\.environ/(\w+)", "".join(file.read_text() for file in models.glob("*.yaml")))


def merged(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return {**first, **{key: merged(first.get(key), value) for key, value in second.items()}}
    return [*first, *second] if isinstance(first, list) and isinstance(second, list) else second


def test_every_example_names_its_file() -> None:
    assert len(BLOCKS) == sum(kind != "sh" for kind, _ in BLOCK.findall(TEXT))
    files = [block.file for block in BLOCKS if block.file != STACK_FILE]
    assert len(files) == len(set(files))


def test_every_feature_has_its_example(folder: Path) -> None:
    catalogue = settings_of({}, folder).catalogue
    assert set(FEATURES.values()) <= catalogue.keys()
    assert len(catalogue["gpt-4o"].deployments) == 3
    assert {"guardrails", "mcp_servers", "litellm_settings"} <= _own_sections(reduce(merged, STACKS)).keys()


@pytest.mark.parametrize("config", STACKS, ids=lambda config: "+".join(_words(config)))
def test_an_example_of_a_stack_is_accepted(config: Config, folder: Path) -> None:
    settings_of(config, folder)


def test_all_examples_are_accepted_together(folder: Path) -> None:
    stack = settings_of(reduce(merged, STACKS), folder)
    assert not stack.missing_keys
    written = document(stack.litellm.config, stack.config_context, stack.litellm.config_yaml.sections)
    assert written["litellm_settings"]["success_callback"] == ["langfuse"]
    assert written["litellm_settings"]["callbacks"] == ["limits.answer_limit"]
    assert written["router_settings"]["model_group_alias"] == {"gpt-4o-latest": "gpt-4o"}
    assert {entry["model_name"] for entry in written["model_list"]} == {
        "claude",
        "gpt-4o",
        "gpt-4o-azure",
        "gemini-vertex",
        "openai/*",
    }


def test_no_example_is_unchecked_or_warned_of(folder: Path) -> None:
    found = warnings(settings_of({}, folder))
    assert not [warning for warning in found if "unchecked" in warning or "has no key" in warning]


def test_the_table_of_refusals_is_what_happens(folder: Path) -> None:
    refused: Mapping[str, Config] = {
        "general_settings.database_url: is written by the gateway": {"general_settings": {"database_url": "x"}},
        "include: is the gateway's own": {"include": ["other.yaml"]},
        "looks like a secret": {"guardrails": [{"url": "sk-0123456789abcdef0123"}]},
        "refers to NOWHERE": {"mcp_servers": {"tickets": {"auth_value": "os.environ/NOWHERE"}}},
        "drop_parms: is unknown": {"litellm_settings": {"drop_parms": True}},
    }
    for sentence, sections in refused.items():
        with pytest.raises(pulumi.RunError, match=re.escape(sentence)):
            settings_of({"gateway:litellm": {"config_yaml": sections}}, folder)


def _own_sections(config: Config) -> Config:
    sections: Config = config["gateway:litellm"]["config_yaml"]
    return sections


def _words(config: Config) -> list[str]:
    litellm = config.get("gateway:litellm", {})
    return list(litellm.get("config_yaml", litellm)) or list(config)
