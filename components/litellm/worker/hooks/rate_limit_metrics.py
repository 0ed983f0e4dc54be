"""Runs in each LiteLLM worker as it starts: requests without rate limits cost nothing in the metrics of rate limits.

With each request LiteLLM makes the labels of sixteen series of such metrics, to remove them where a key, team or
project has no limit (`_set_v3_rate_limit_allowed_and_used_metrics` in litellm/integrations/prometheus.py). A limit of a
request is in the headers of its answer.
"""

import logging
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

MODULE, LOGGER = "litellm.integrations.prometheus", "PrometheusLogger"
SET, PAYLOAD = "_set_v3_rate_limit_allowed_and_used_metrics", "standard_logging_payload"
"""LiteLLM's method, and its argument that has the headers."""
LIMIT = re.compile(r"x-ratelimit-\w+-limit-\w+")
"""Names of headers with limits: of whom, and of what. A provider's own name nobody (`x-ratelimit-limit-requests`)."""

SetMetrics = Callable[..., None]


def start() -> None:
    """Replace the method. If a release has another, the log says so."""
    try:
        logger = getattr(import_module(MODULE), LOGGER)
        set_metrics = getattr(logger, SET)
        fits = PAYLOAD in signature(set_metrics).parameters
    except (ImportError, AttributeError):
        fits = False
    if not fits:
        logging.getLogger("LiteLLM Proxy").warning("%s sets rate limits otherwise: that is not replaced", MODULE)
        return
    setattr(logger, SET, from_the_first_limit(set_metrics))


def from_the_first_limit(set_metrics: SetMetrics) -> SetMetrics:
    """Return a method that does nothing until a request has a limit. Later, those without one remove its series."""
    limited = False

    def set_from_the_first_limit(logger: Any, *positional: Any, **arguments: Any) -> None:
        nonlocal limited
        limited = limited or bool(positional) or has_limits(arguments.get(PAYLOAD))
        if limited:
            set_metrics(logger, *positional, **arguments)

    return set_from_the_first_limit


def has_limits(payload: Any) -> bool:
    """Return whether a request has limits. What has another form than LiteLLM's is taken for one that has."""
    if not isinstance(payload, Mapping):
        return True
    headers = (payload.get("hidden_params") or {}).get("additional_headers") or {}
    return any(LIMIT.match(str(name)) for name in headers)
