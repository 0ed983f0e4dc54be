"""Runs in each LiteLLM worker as it starts: has it look a model of Ollama up in the index of names that it keeps.

`OllamaModelInfo._is_static_ollama_model` makes the names of all models that LiteLLM knows lower-case at each call,
several times a request, and looks for the model among them. `litellm.utils.get_model_cost_key` finds the same by an
index; its description forbids slower lookups, as it is called often.
"""

import logging
from collections.abc import Callable
from importlib import import_module

MODULE, INFO, LOOKUP = "litellm.llms.ollama.common_utils", "OllamaModelInfo", "_is_static_ollama_model"
INDEX_MODULE, INDEX = "litellm.utils", "get_model_cost_key"
PREFIXES = ("ollama/", "ollama_chat/")


def start() -> None:
    """Replace the lookup. A LiteLLM without it or without the index stays as it is, and says so."""
    try:
        info, key = getattr(import_module(MODULE), INFO), getattr(import_module(INDEX_MODULE), INDEX)
    except (ImportError, AttributeError):
        info = None
    if not hasattr(info, LOOKUP):
        logging.getLogger("LiteLLM Proxy").warning("%s has another lookup of models: it is not replaced", MODULE)
        return
    setattr(info, LOOKUP, staticmethod(lambda model: is_known(model, key)))


def is_known(model: str, key: Callable[[str], str | None]) -> bool:
    """Return whether LiteLLM has data of a model: by its name, or its name with or without Ollama's prefix."""
    stripped = model.split("/", 1)[1] if model.startswith(PREFIXES) else model
    return any(key(name) is not None for name in (model, stripped, *(prefix + stripped for prefix in PREFIXES)))
