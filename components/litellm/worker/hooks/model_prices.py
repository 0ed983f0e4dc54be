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
NAME, PRICES, FOR_A_REQUEST = "register_model", "model_cost", "persist_across_reloads"
"""LiteLLM's registration, what it gets, and its option that is false where a request makes it."""


def start() -> None:
    """Replace the registration. A LiteLLM with another one stays as it is, and says so."""
    litellm = import_module("litellm")
    if not hasattr(litellm, NAME):
        logging.getLogger("LiteLLM Proxy").warning("LiteLLM has no %s: it is not replaced", NAME)
        return
    setattr(litellm, NAME, once(getattr(litellm, NAME), lambda: litellm.model_cost))


def once(register: Register, registered: Callable[[], Mapping[str, Any]]) -> Register:
    """Return a registration that does nothing where a request gives models the prices that they have already.

    Args:
        register: LiteLLM's. It makes new entries, some of them under another name than the request's: that of
            openai/gpt-4.1 is gpt-4.1.
        registered: returns what LiteLLM has of all models, by the names of entries.
    """
    last: dict[str, tuple[Mapping[str, Any], frozenset[str]]] = {}
    made: dict[str, object] = {}

    def is_there(model: str, price: Mapping[str, Any]) -> bool:
        given, entries = last.get(model, ({}, frozenset()))
        now = registered()
        return bool(entries) and given == price and all(now.get(entry) is made[entry] for entry in entries)

    def register_once(*arguments: Any, **options: Any) -> Any:
        prices = arguments[0] if arguments else options.get(PRICES)
        if options.get(FOR_A_REQUEST, True) or not isinstance(prices, dict):
            return register(*arguments, **options)
        if all(is_there(model, price) for model, price in prices.items()):
            return prices
        before = dict(registered())
        answer = register(*arguments, **options)
        new = {name: entry for name, entry in dict(registered()).items() if before.get(name) is not entry}
        made.update(new)
        last.update({model: (dict(price), frozenset(new)) for model, price in prices.items()})
        return answer

    return register_once
