"""A model of Ollama is known by each of its names."""

import pytest

from benchmarks.comparison.sides.proposals.ollama_model_info import is_known


@pytest.mark.parametrize("model", ["llama", "ollama/llama", "ollama_chat/llama", "ollama_chat/Llama"])
@pytest.mark.parametrize("known", ["ollama/llama", "ollama_chat/llama", "llama"])
def test_model_is_known_by_each_of_its_names(model: str, known: str) -> None:
    names = {known: known}
    assert is_known(model, lambda name: names.get(name.lower()))


def test_model_that_no_name_leads_to_is_unknown() -> None:
    assert not is_known("ollama/other", {"ollama/llama": "ollama/llama"}.get)
