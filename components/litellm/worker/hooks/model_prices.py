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
        register: LiteLLM's.
        registered: returns what LiteLLM has of all models.
    """
    last: dict[str, tuple[Mapping[str, Any], object]] = {}

    def is_there(model: str, price: Mapping[str, Any]) -> bool:
        given, kept = last.get(model, ({}, None))
        return kept is not None and given == price and registered().get(model) is kept

    def register_once(*arguments: Any, **options: Any) -> Any:
        prices = arguments[0] if arguments else options.get(PRICES)
        if options.get(FOR_A_REQUEST, True) or not isinstance(prices, dict):
            return register(*arguments, **options)
        if all(is_there(model, price) for model, price in prices.items()):
            return prices
        answer = register(*arguments, **options)
        last.update({model: (dict(price), registered().get(model)) for model, price in prices.items()})
        return answer

    return register_once
