"""Runs in each LiteLLM worker as it starts: a request whose model has its own price does not register it again.

LiteLLM registers such a price with each request (`_register_custom_pricing_for_request` in litellm/main.py), and each
registration throws away what it had looked up of all models, so that each request looks it up again.
"""

import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Register = Callable[..., Any]
"""LiteLLM's function. It takes the prices by model."""
NAME, PRICES, LASTING = "register_model", "model_cost", "persist_across_reloads"
"""LiteLLM's registration, what it gets, and its option that is false where a request or the router makes it."""


def start() -> None:
    """Replace the registration. A LiteLLM with another one stays as it is, and says so."""
    litellm = import_module("litellm")
    if not hasattr(litellm, NAME):
        logging.getLogger("LiteLLM Proxy").warning("LiteLLM has no %s: it is not replaced", NAME)
        return
    setattr(litellm, NAME, once(getattr(litellm, NAME), lambda: litellm.model_cost))


def once(register: Register, registered: Callable[[], Mapping[str, Any]]) -> Register:
    """Return a registration that does nothing where LiteLLM has these prices already.

    LiteLLM may keep a model under another name: openai/gpt-4.1 as gpt-4.1. It replaces an entry and never changes it.
    So the entries that are new after a registration are those of the model.

    Args:
        register: LiteLLM's.
        registered: returns what LiteLLM has of all models: entries by name.
    """
    entries: dict[str, frozenset[str]] = {}

    def is_there(model: str, price: Mapping[str, Any]) -> bool:
        names, now = entries.get(model, frozenset()), registered()
        if not names or (model in now and model not in names):
            return False
        return all(price.items() <= now.get(name, {}).items() for name in names)

    def register_once(*arguments: Any, **options: Any) -> Any:
        prices = arguments[0] if arguments else options.get(PRICES)
        if options.get(LASTING, True) or not isinstance(prices, dict):
            return register(*arguments, **options)
        others = {name: value for name, value in options.items() if name != PRICES}
        for model, price in prices.items():
            if not is_there(model, price):
                before = dict(registered())
                register({model: price}, **others)
                now = dict(registered())
                entries[model] = frozenset(name for name, entry in now.items() if before.get(name) is not entry)
        return prices

    return register_once
