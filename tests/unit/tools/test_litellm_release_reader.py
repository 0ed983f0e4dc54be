"""The names and types that a release's source and models hold."""

import ast
import sys
from collections.abc import Iterator
from enum import Enum
from types import ModuleType, SimpleNamespace
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

IMPORTS = {
    "litellm": ("Router",),
    "litellm._version": ("version",),
    "litellm.proxy": ("proxy_server",),
    "litellm.proxy._types": ("ConfigGeneralSettings", "ConfigYAML"),
    "litellm.types": (),
    "litellm.types.router": ("GenericLiteLLMParams", "ModelInfo", "UpdateRouterConfig"),
    "litellm.types.utils": ("LlmProviders", "all_litellm_params"),
}
"""What the reader imports from LiteLLM, which is installed in its image alone."""
SOURCE = """
litellm_settings.get("a", 1)
general_settings["b"]
"c" in litellm_settings
getattr(litellm, "d", None)
config.get("litellm_settings", {}).get("e")
(deployment.get("model_info") or {}).get("f")
self.litellm_settings.pop("g")
_litellm_settings.get("h")
litellm_settings.get(name)
other["litellm_settings"]["i"]

class SmallConfig:
    num_ctx: int
    plain = 3

    def read(self) -> None:
        local: int = 3

class Other:
    hidden: int

def load_config(key):
    if key == "drop_params":
        pass
    elif key == other:
        pass
"""
TREE = ast.parse(SOURCE)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The reader's module, with a stand-in for LiteLLM."""
    for name, names in IMPORTS.items():
        module = ModuleType(name)
        for member in names:
            setattr(module, member, SimpleNamespace())
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "tools.litellm_release_reader", raising=False)
    import tools.litellm_release_reader as module  # noqa: PLC0415 - only now can it be imported

    yield module
    sys.modules.pop("tools.litellm_release_reader", None)


@pytest.mark.parametrize(
    ("holder", "names"),
    [
        ("litellm_settings", {"a", "c", "e", "g", "h", "i"}),
        ("general_settings", {"b"}),
        ("model_info", {"f"}),
        ("litellm", {"d"}),
        ("config", {"litellm_settings"}),
    ],
)
def test_names_are_read_from_their_dictionary(reader: Any, holder: str, names: set[str]) -> None:
    assert reader.keys_read(TREE, holder) == names
    assert reader.all_keys_read([TREE, ast.parse(f"{holder}['z']")], holder) == names | {"z"}


def test_fields_are_those_of_classes_with_the_suffix(reader: Any) -> None:
    assert reader.declared_fields(TREE, "Config") == {"num_ctx"}


def test_sections_are_those_of_the_loader_s_config(reader: Any) -> None:
    source = """
def load_config(path):
    config = read(path)
    config.get("guardrails")

def start(config):
    "prompts" in config

def reload():
    config = stored()
    config.get("interval_hours")
"""
    assert reader.sections_read(ast.parse(source)) == {"guardrails", "prompts"}


def test_compared_constants_are_settings(reader: Any) -> None:
    assert reader.constants_compared(reader.definition(TREE, "load_config"), ["key"]) == {"drop_params"}


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        (int, ["integer"]),
        (float | None, ["null", "number"]),
        (list[str], ["array"]),
        (dict[str, Any] | str, ["object", "string"]),
        (Literal["a", 1], ["integer", "string"]),
        (Any, []),
        (int | Any, []),
        (SimpleNamespace, []),
    ],
    ids=str,
)
def test_annotation_has_its_types(reader: Any, annotation: object, kinds: list[str]) -> None:
    assert reader.of_annotation(annotation) == kinds


def test_model_has_its_fields_by_alias_with_types(reader: Any) -> None:
    class Colour(Enum):
        RED = "red"

    class Inner(BaseModel):
        size: int = 1

    class Model(BaseModel):
        rpm: int | None = None
        colour: Colour = Colour.RED
        inner: Inner | None = None
        renamed: list[int] = Field([], alias="other_name")
        anything: Any = None
        strange: object = None

    assert reader.of_model(Model) == {
        "rpm": ["integer", "null"],
        "colour": ["string"],
        "inner": ["null", "object"],
        "other_name": ["array"],
        "anything": [],
        "strange": [],
    }


def test_names_of_a_group_are_added_without_types(reader: Any) -> None:
    known = {"rpm": ["integer"]}
    assert reader.with_names(known, {"rpm", "tags", "CONSTANT"}) == {"rpm": ["integer"], "tags": []}
    assert reader.with_names({}, {"guardrailConfig"}, reader.PARAMETER_NAME) == {"guardrailConfig": []}
