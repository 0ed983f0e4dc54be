"""Looks for a model of Ollama as LiteLLM does several times a request (a), and by LiteLLM's own index (b)."""

import json
from importlib import import_module
from timeit import timeit

MODEL = "my-model:latest"
CALLS = 20
INDEXED_CALLS = 20_000


def milliseconds() -> dict[str, dict[str, float]]:
    """Return the milliseconds of a call on each side."""
    known = import_module("litellm.llms.ollama.common_utils").OllamaModelInfo._is_static_ollama_model  # noqa: SLF001
    key = import_module("litellm.utils").get_model_cost_key
    names = (MODEL, f"ollama/{MODEL}", f"ollama_chat/{MODEL}")

    def indexed() -> bool:
        return any(key(name) is not None for name in names)

    assert known(MODEL) == indexed()
    return {
        "a": {"milliseconds": 1000 * timeit(lambda: known(MODEL), number=CALLS) / CALLS},
        "b": {"milliseconds": 1000 * timeit(indexed, number=INDEXED_CALLS) / INDEXED_CALLS},
    }


if __name__ == "__main__":
    print(json.dumps(milliseconds()))
