"""A model of Ollama is known by each of its names, and found by LiteLLM's index."""

import sys
from typing import Any

import pytest

from components.litellm.worker.hooks.model_lookup import INDEX, INDEX_MODULE, INFO, LOOKUP, MODULE, is_known, start
from tests.unit.components.litellm.worker.hooks.releases import module, warnings_of


@pytest.fixture
def info(monkeypatch: pytest.MonkeyPatch) -> type[Any]:
    """Modules in the place of LiteLLM's, whose index knows one model and whose own lookup knows none."""
    info = type(INFO, (), {LOOKUP: staticmethod(lambda _model: False)})
    for name, content in ((MODULE, {INFO: info}), (INDEX_MODULE, {INDEX: {"ollama/llama": "ollama/llama"}.get})):
        monkeypatch.setitem(sys.modules, name, module(name, **content))
    return info


def lookup(info: type[Any], model: str) -> bool:
    return bool(getattr(info(), LOOKUP)(model))


@pytest.mark.parametrize("model", ["llama", "ollama/llama", "ollama_chat/llama", "ollama_chat/Llama"])
@pytest.mark.parametrize("known", ["ollama/llama", "ollama_chat/llama", "llama"])
def test_model_is_known_by_each_of_its_names(model: str, known: str) -> None:
    names = {known: known}
    assert is_known(model, lambda name: names.get(name.lower()))


def test_model_that_no_name_leads_to_is_unknown() -> None:
    assert not is_known("ollama/other", {"ollama/llama": "ollama/llama"}.get)


def test_litellm_asks_its_index(info: type[Any]) -> None:
    start()
    assert lookup(info, "ollama_chat/llama")
    assert not lookup(info, "ollama_chat/other")


@pytest.mark.parametrize(("changed", "name"), [(MODULE, INFO), (INDEX_MODULE, INDEX)])
def test_release_with_another_lookup_keeps_it_and_says_so(
    info: type[Any], caplog: pytest.LogCaptureFixture, changed: str, name: str
) -> None:
    delattr(sys.modules[changed], name)
    assert warnings_of(start, caplog) == [f"{MODULE} has another lookup of models: it is not replaced"]
    assert not lookup(info, "ollama_chat/llama")


@pytest.mark.parametrize("changed", [MODULE, INDEX_MODULE])
def test_release_without_the_module_starts_and_says_so(
    info: type[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, changed: str
) -> None:
    monkeypatch.setitem(sys.modules, changed, None)
    assert warnings_of(start, caplog) == [f"{MODULE} has another lookup of models: it is not replaced"]
    assert not lookup(info, "ollama_chat/llama")
