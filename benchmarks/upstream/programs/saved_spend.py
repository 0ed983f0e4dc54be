"""Computes what a request has saved for the sums of its user, team and tags, as LiteLLM does (a), and once (b)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from timeit import timeit
from typing import Any

MODEL, DEPLOYMENT = "gpt-4.1", "7c4d"
SUMS = 3
CALLS, ROUNDS = 50, 5
"""The quickest of several rounds counts."""
METADATA = json.dumps(
    {
        "usage_object": {
            "prompt_tokens": 100,
            "completion_tokens": 50,
            "total_tokens": 150,
            "prompt_tokens_details": {"cached_tokens": 20},
        },
        "cost_breakdown": {"input_cost": 0.0002, "output_cost": 0.0004, "total_cost": 0.0006},
    }
)


def milliseconds() -> dict[str, dict[str, float]]:
    """Return the milliseconds for a request on each side."""
    compute: Callable[..., Any] = import_module("litellm.proxy.spend_tracking.savings").compute_savings_spend
    router = import_module("litellm").Router(
        model_list=[
            {
                "model_name": MODEL,
                "litellm_params": {"model": f"openai/{MODEL}", "api_key": "none"},
                "model_info": {"id": DEPLOYMENT},
            }
        ]
    )
    ended = datetime.now(UTC)

    def computed(metadata: dict[str, Any]) -> Any:
        return compute(
            model=MODEL,
            custom_llm_provider="openai",
            compression_saved_tokens=0,
            gateway_injected_cache=False,
            model_id=DEPLOYMENT,
            llm_router=lambda: router,
            usage_object=metadata["usage_object"],
            cost_breakdown=metadata["cost_breakdown"],
            billed_at=ended,
        )

    # LiteLLM reads the metadata anew for each sum; that is not measured.
    read = [json.loads(METADATA) for _ in range(SUMS)]
    # It fills LiteLLM's caches, too.
    assert computed(read[0]).prompt_caching > 0

    def milliseconds_of(sums: list[dict[str, Any]]) -> float:
        return 1000 * timeit(lambda: [computed(metadata) for metadata in sums], number=CALLS) / CALLS

    rounds = [(milliseconds_of(read), milliseconds_of(read[:1])) for _ in range(ROUNDS)]
    a, b = (min(side) for side in zip(*rounds, strict=True))
    return {"a": {"milliseconds": a}, "b": {"milliseconds": b}}


if __name__ == "__main__":
    print(json.dumps(milliseconds()))
