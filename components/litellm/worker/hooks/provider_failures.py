"""Runs in each LiteLLM worker as it starts: a provider that refuses the key of its model counts as failing.

LiteLLM leaves out of the metrics of deployments what failed with 401 or speaks of an invalid key, as the request of a
caller without one (`_should_skip_metrics_for_invalid_key` in litellm/integrations/prometheus.py). A provider answers so
too when the model's key has expired, and no alert would say so. Requests that called no deployment stay left out: their
keys, which anybody may make up, would be labels.
"""

import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

MODULE, LOGGER = "litellm.integrations.prometheus", "PrometheusLogger"
SKIP, REQUEST, PAYLOAD = "_should_skip_metrics_for_invalid_key", "kwargs", "standard_logging_payload"
"""LiteLLM's method, and its arguments that tell which deployment was called."""
REJECTED = "PROXY_REJECTED_BEFORE_ROUTING_KEY"
"""LiteLLM's name of the mark of a request that called no deployment, though it may have the id of one."""
METADATA = ("metadata", "litellm_metadata")
"""Where a request has its deployment, by the kind of its route."""

Skip = Callable[..., bool]


def start() -> None:
    """Replace the method. If a release has another, the log says so."""
    try:
        module = import_module(MODULE)
        logger, rejected = getattr(module, LOGGER), getattr(module, REJECTED)
        skip = getattr(logger, SKIP)
        fits = {"self", REQUEST, PAYLOAD} <= signature(skip).parameters.keys()
    except (ImportError, AttributeError):
        fits = False
    if not fits:
        logging.getLogger("LiteLLM Proxy").warning(
            "%s skips failures otherwise: that is not replaced, and a provider's 401 may raise no alert", MODULE
        )
        return
    setattr(logger, SKIP, unless_called(skip, rejected))


def unless_called(skip: Skip, rejected: str) -> Skip:
    """Return a method that skips nothing of a request for which a deployment was called."""

    def skip_unless_called(logger: Any, *positional: Any, **arguments: Any) -> bool:
        parameters = _of(arguments.get(REQUEST), "litellm_params")
        if not _of(parameters, rejected) and deployment(arguments.get(PAYLOAD), parameters):
            return False
        return skip(logger, *positional, **arguments)

    return skip_unless_called


def deployment(payload: Any, parameters: Any) -> Any:
    """Return the id of the deployment that a request has; None: it has none."""
    of_request = (_of(_of(_of(parameters, name), "model_info"), "id") for name in METADATA)
    return next(filter(None, (_of(payload, "model_id"), *of_request)), None)


def _of(content: Any, key: str) -> Any:
    return content.get(key) if isinstance(content, Mapping) else None
