"""Counts a request in Prometheus's metrics as LiteLLM does (a), and without the metrics of limits that it lacks (b)."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

MODEL = "gpt-4.1"
CALLS, ROUNDS = 100, 5
"""The quickest of several rounds counts."""
LIMITS = "_set_v3_rate_limit_allowed_and_used_metrics"
LONGEST_WAIT_SECONDS = 30


async def logged_request(litellm: Any) -> dict[str, Any]:
    """Return what LiteLLM logs of a request with a key. It answers the request itself."""
    logged: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def keep(_logger: Any, **arguments: Any) -> None:
        logged.set_result(arguments)

    custom_logger = import_module("litellm.integrations.custom_logger").CustomLogger
    litellm.callbacks = [type("Keeper", (custom_logger,), {"async_log_success_event": keep})()]
    deployment = {"model": f"openai/{MODEL}", "api_key": "none", "mock_response": "answer"}
    router = litellm.Router(model_list=[{"model_name": MODEL, "litellm_params": deployment}])
    key = {"user_api_key": "88dc", "user_api_key_hash": "88dc", "user_api_key_user_id": "somebody"}
    await router.acompletion(model=MODEL, messages=[{"role": "user", "content": "question"}], metadata=key)
    return await asyncio.wait_for(logged, LONGEST_WAIT_SECONDS)


async def milliseconds_of(count: Callable[..., Any], request: dict[str, Any]) -> float:
    """Return the processor milliseconds that a request takes to count."""
    began = time.process_time()
    for _ in range(CALLS):
        await count(**request)
    return 1000 * (time.process_time() - began) / CALLS


async def milliseconds() -> dict[str, dict[str, float]]:
    """Return the milliseconds for a request on each side."""
    litellm = import_module("litellm")
    request = await logged_request(litellm)
    logger = import_module("litellm.integrations.prometheus").PrometheusLogger()
    limits = getattr(logger, LIMITS)
    rounds = []
    for _ in range(ROUNDS):
        pair = []
        for set_limits in (limits, lambda **_: None):
            setattr(logger, LIMITS, set_limits)
            pair.append(await milliseconds_of(logger.async_log_success_event, request))
        rounds.append(pair)
    a, b = (min(side) for side in zip(*rounds, strict=True))
    return {"a": {"milliseconds": a}, "b": {"milliseconds": b}}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as metrics:
        # As where a replica has several workers. prometheus_client reads it when it is imported.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        print(json.dumps(asyncio.run(milliseconds())))
