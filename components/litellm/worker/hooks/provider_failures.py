"""Runs in each LiteLLM worker as it starts: a provider that refuses the key of its model counts as failing.

LiteLLM leaves out of its metrics whatever failed with 401, as the request of a caller without a valid key
(`_should_skip_metrics_for_invalid_key` in litellm/integrations/prometheus.py). A provider says 401 too when the model's
key has expired, and no alert would say so. A caller without a valid key reaches no deployment.
"""

import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

MODULE, LOGGER = "litellm.integrations.prometheus", "PrometheusLogger"
SKIP, REQUEST, PAYLOAD = "_should_skip_metrics_for_invalid_key", "kwargs", "standard_logging_payload"
"""LiteLLM's method, and its arguments that tell which deployment was called."""
METADATA = ("metadata", "litellm_metadata")
"""Where a request has its deployment, by the kind of its route."""

Skip = Callable[..., bool]


def start() -> None:
    """Replace the method. If a release has another, the log says so."""
    try:
        logger = getattr(import_module(MODULE), LOGGER)
        skip = getattr(logger, SKIP)
        fits = {REQUEST, PAYLOAD} <= signature(skip).parameters.keys()
    except (ImportError, AttributeError):
        fits = False
    if not fits:
        logging.getLogger("LiteLLM Proxy").warning(
            "%s skips failures otherwise: that is not replaced, and a provider's 401 may raise no alert", MODULE
        )
        return
    setattr(logger, SKIP, unless_called(skip))


def unless_called(skip: Skip) -> Skip:
    """Return a method that skips nothing of a request for which a deployment was called."""

    def skip_unless_called(logger: Any, *positional: Any, **arguments: Any) -> bool:
        if deployment(arguments.get(PAYLOAD), arguments.get(REQUEST)):
            return False
        return skip(logger, *positional, **arguments)

    return skip_unless_called


def deployment(payload: Any, request: Any) -> Any:
    """Return the id of the deployment that a request called; None: it called none."""
    parameters = _of(request, "litellm_params")
    of_request = (_of(_of(_of(parameters, name), "model_info"), "id") for name in METADATA)
    return next(filter(None, (_of(payload, "model_id"), *of_request)), None)


def _of(content: Any, key: str) -> Any:
    return content.get(key) if isinstance(content, Mapping) else None
