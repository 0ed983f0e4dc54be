"""The catalogue as parts of LiteLLM's config.yaml."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from components.models.model import CREDENTIALS, FALLBACK_KINDS, Deployment, Model

MOCK_COSTS = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
"""Prices in the mock provider of models without one, in USD: a price of nothing would leave spend uncounted."""
NO_KEY = "none"
"""Sent to an own address that needs no key. Without it LiteLLM takes a key from its environment, and a local Ollama
would be sent the key of ollama.com."""
MOCK_KEY = "mock"

MOCK_KEEPS = frozenset({
    "budget_duration", "cooldown_time", "drop_params", "max_budget", "max_parallel_requests", "max_retries", "order",
    "rpm", "stream_timeout", "tags", "timeout", "tpm", "weight",
})  # fmt: skip
"""Parameters that the mock provider changes nothing of: how LiteLLM routes, waits and counts."""
COSTS = "_cost_per_"

MockRoute = Callable[[str, str], tuple[str, str]]
"""(provider, mode) → the provider and the base URL by which LiteLLM asks the mock provider instead."""


def model_list(catalogue: Mapping[str, Model], mock: MockRoute | None) -> list[dict[str, Any]]:
    """Return LiteLLM's `model_list`. Keys are references to its environment, never values.

    With `mock`, the mock provider serves every model.
    """
    return [
        {
            "model_name": model.name,
            "litellm_params": _mocked(deployment, model.mode, mock) if mock else _served(deployment),
            "model_info": {"mode": model.mode, **deployment.model_info},
        }
        for model in catalogue.values()
        for deployment in model.deployments
    ]


def fallback_lists(catalogue: Mapping[str, Model]) -> dict[str, list[dict[str, list[str]]]]:
    """Return LiteLLM's lists of fallbacks by kind, without empty ones and without models that the stack lacks."""
    known = {name for model in catalogue.values() for name in (model.name, *model.aliases)}
    wildcards = [model.name for model in catalogue.values() if model.is_wildcard]
    found: dict[str, list[dict[str, list[str]]]] = {}
    for kind in FALLBACK_KINDS:
        for model in catalogue.values():
            names = [
                name
                for name in model.fallbacks[kind]
                if name in known or any(fnmatchcase(name, pattern) for pattern in wildcards)
            ]
            if names:
                found.setdefault(kind, []).append({model.name: names})
    return found


def aliases(catalogue: Mapping[str, Model]) -> dict[str, str]:
    """Return LiteLLM's `model_group_alias`."""
    return {alias: model.name for model in catalogue.values() for alias in model.aliases}


def _served(deployment: Deployment) -> dict[str, Any]:
    params = dict(deployment.params)
    base_url = {"api_base": params.pop("api_base")} if "api_base" in params else {}
    keyless = bool(base_url) and not {"api_key", *CREDENTIALS} & params.keys()
    key = {"api_key": params.pop("api_key", NO_KEY)} if keyless or "api_key" in params else {}
    return {"model": deployment.litellm_model, **base_url, **key, **params}


def _mocked(deployment: Deployment, mode: str, mock: MockRoute) -> dict[str, Any]:
    provider, base_url = mock(deployment.provider, mode)
    costs = {name: value for name, value in deployment.params.items() if COSTS in name}
    kept = {name: value for name, value in deployment.params.items() if name in MOCK_KEEPS}
    return {
        "model": f"{provider}/{deployment.model}",
        "api_base": base_url,
        "api_key": MOCK_KEY,
        **(costs if any(costs.values()) else MOCK_COSTS),
        **kept,
    }
