"""Runs in each LiteLLM worker as it starts: what a request has saved is computed once.

LiteLLM adds a request to the sums of its user, its team, its tags and so on, and computes for each anew what was saved
by compression, prompt caching and routing (`compute_savings_spend`), from the same arguments.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from inspect import signature
from typing import Any

MODULE, COMPUTE = "litellm.proxy.db.db_spend_update_writer", "compute_savings_spend"
MOMENT = "billed_at"
"""The argument that differs from request to request: when it ended."""
KEPT = 256
"""How many answers are kept, the newest. The sums of one request are made shortly after each other."""

Compute = Callable[..., Any]


def start() -> None:
    """Replace the computation where LiteLLM's writer of sums calls it. If a release has another, the log says so."""
    try:
        writer = import_module(MODULE)
        compute = getattr(writer, COMPUTE)
        fits = MOMENT in signature(compute).parameters
    except (ImportError, AttributeError):
        fits = False
    if not fits:
        logging.getLogger("LiteLLM Proxy").warning("%s computes savings otherwise: that is not replaced", MODULE)
        return
    setattr(writer, COMPUTE, once(compute))


def once(compute: Compute) -> Compute:
    """Return a computation that computes equal arguments once. Calls without the moment are computed each time."""
    kept: OrderedDict[str | datetime, tuple[Mapping[str, Any], Any]] = OrderedDict()

    def compute_once(*positional: Any, **arguments: Any) -> Any:
        moment = arguments.get(MOMENT)
        if positional or not isinstance(moment, str | datetime):
            return compute(*positional, **arguments)
        given, answer = kept.get(moment, (None, None))
        if given != arguments:
            answer = compute(**arguments)
            kept[moment] = arguments, answer
            if len(kept) > KEPT:
                kept.popitem(last=False)
        return answer

    return compute_once
