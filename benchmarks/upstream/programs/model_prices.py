"""Looks a model's data up as a request does: with its own price registered first (a), and without that (b)."""

import json
from importlib import import_module
from timeit import timeit

PROVIDER, MODEL, DEPLOYMENT = "openai", "gpt-4.1", "7c4d"
PRICE = {"litellm_provider": PROVIDER, "input_cost_per_token": 0.001, "output_cost_per_token": 0.002}
CALLS, WITHOUT_CALLS = 200, 20_000


def milliseconds() -> dict[str, dict[str, float]]:
    """Return the milliseconds of a lookup on each side."""
    litellm = import_module("litellm")
    key = import_module("litellm.utils").get_model_cost_key

    def register() -> None:
        # As `_register_custom_pricing_for_request` does where the router has chosen the deployment.
        shared = f"{PROVIDER}/{MODEL}"
        litellm.register_model(
            {DEPLOYMENT: PRICE, shared: {"litellm_provider": PROVIDER}},
            persist_across_reloads=False,
            warning_display_name=shared,
            custom_llm_provider=PROVIDER,
        )

    def look_up() -> None:
        litellm.get_model_info(MODEL, PROVIDER)
        key(MODEL.upper())

    def register_and_look_up() -> None:
        register()
        look_up()

    register()
    return {
        "a": {"milliseconds": 1000 * timeit(register_and_look_up, number=CALLS) / CALLS},
        "b": {"milliseconds": 1000 * timeit(look_up, number=WITHOUT_CALLS) / WITHOUT_CALLS},
    }


if __name__ == "__main__":
    print(json.dumps(milliseconds()))
