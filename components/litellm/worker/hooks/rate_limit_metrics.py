"""Runs in each LiteLLM worker as it starts: requests without rate limits cost nothing in the metrics of rate limits.

With each request LiteLLM makes the labels of sixteen series of such metrics, and removes those of the limits that its
key, team or project lacks (`_set_v3_rate_limit_allowed_and_used_metrics` in litellm/integrations/prometheus.py). Where
workers count into files, as here, prometheus_client cannot remove a series: it stays until the worker ends.
"""

import logging
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

MODULE, LOGGER = "litellm.integrations.prometheus", "PrometheusLogger"
SET, PAYLOAD = "_set_v3_rate_limit_allowed_and_used_metrics", "standard_logging_payload"
"""LiteLLM's method, and its argument that has the headers of the answer. The limits are in them."""
LIMIT = re.compile(r"x-ratelimit-\w+-limit-\w+")
"""Names of headers with limits: of whom, and of what. A provider's own name nobody (`x-ratelimit-limit-requests`)."""

SetMetrics = Callable[..., None]


def start() -> None:
    """Replace the method. If a release has another, the log says so."""
    try:
        logger = getattr(import_module(MODULE), LOGGER)
        set_metrics = getattr(logger, SET)
        fits = {"self", PAYLOAD} <= signature(set_metrics).parameters.keys()
    except (ImportError, AttributeError):
        fits = False
    if not fits:
        logging.getLogger("LiteLLM Proxy").warning("%s sets rate limits otherwise: that is not replaced", MODULE)
        return
    setattr(logger, SET, where_limited(set_metrics))


def where_limited(set_metrics: SetMetrics) -> SetMetrics:
    """Return a method that does nothing for a request without limits."""

    def set_where_limited(logger: Any, *positional: Any, **arguments: Any) -> None:
        if positional or has_limits(arguments.get(PAYLOAD)):
            set_metrics(logger, *positional, **arguments)

    return set_where_limited


def has_limits(payload: Any) -> bool:
    """Return whether a request has limits. What has another form than LiteLLM's is taken for one that has."""
    content = payload
    for key in ("hidden_params", "additional_headers"):
        if not isinstance(content, Mapping):
            return True
        content = content.get(key) or {}
    return not isinstance(content, Mapping) or any(LIMIT.match(str(name)) for name in content)
