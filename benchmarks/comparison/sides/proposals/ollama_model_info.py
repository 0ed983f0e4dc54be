"""Looks a model of Ollama up in the index of names that LiteLLM keeps.

`OllamaModelInfo._is_static_ollama_model` makes the names of all models that LiteLLM knows lower-case at each call,
several times a request, and looks for the model among them. `litellm.utils.get_model_cost_key` finds the same by an
index; its description forbids slower lookups, as it is called often.
"""

from collections.abc import Callable
from importlib import import_module

LOOKUP = "_is_static_ollama_model"
PREFIXES = ("ollama/", "ollama_chat/")


def start() -> None:
    """Replace the lookup."""
    key = import_module("litellm.utils").get_model_cost_key
    model_info = import_module("litellm.llms.ollama.common_utils").OllamaModelInfo
    setattr(model_info, LOOKUP, staticmethod(lambda model: is_known(model, key)))


def is_known(model: str, key: Callable[[str], str | None]) -> bool:
    """Return whether LiteLLM has data of a model: by its name, or its name with or without Ollama's prefix."""
    stripped = model.split("/", 1)[1] if model.startswith(PREFIXES) else model
    return any(key(name) is not None for name in (model, stripped, *(prefix + stripped for prefix in PREFIXES)))
