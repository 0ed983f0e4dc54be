"""Registers models' own prices twice, as two requests do; prints the models whose second registration LiteLLM made.

Runs in a replica, whose Python finds the hook.
"""

import json
import sys
from importlib import import_module


def main(models: list[str]) -> None:
    """Register the price of each model, named PROVIDER/MODEL, as `_register_custom_pricing_for_request` does."""
    litellm, changes = import_module("litellm"), import_module("litellm.utils").get_model_cost_mutation_generation
    import_module("model_prices").start()

    def register(deployment: str, model: str) -> int:
        """Return how many registrations LiteLLM made."""
        provider, before = model.split("/", 1)[0], changes()
        shared = {"litellm_provider": provider}
        prices = {deployment: {**shared, "input_cost_per_token": 0.001}, model: shared}
        litellm.register_model(prices, persist_across_reloads=False, custom_llm_provider=provider)
        return int(changes() - before)

    again = []
    for number, model in enumerate(models):
        assert register(f"deployment-{number}", model) > 0, f"{model}: LiteLLM registers nothing"
        if register(f"deployment-{number}", model) > 0:
            again.append(model)
    print(json.dumps(again))


if __name__ == "__main__":
    main(sys.argv[1:])
