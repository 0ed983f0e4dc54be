"""In which ways a copy of a replica differs from it."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.comparison.sides.beside import Config, Variables, Variant
from components.litellm.config_yaml import CHOICE_OF_METRICS
from components.litellm.environment import (
    GARBAGE_COLLECTION,
    METRICS_ENVIRONMENT,
    MODEL_LOOKUP,
    MODEL_PRICES,
    RATE_LIMIT_METRICS,
    SAVED_SPEND,
    STARTUP_HOOKS,
)

METRICS = tuple(METRICS_ENVIRONMENT)
"""The variables that make a replica count for Prometheus."""


def without_metrics(config: Config) -> Config:
    """Return config.yaml without Prometheus."""
    return _without_settings(config, ("callbacks", "prometheus_exclude_labels", CHOICE_OF_METRICS))


def with_all_metrics(config: Config) -> Config:
    """Return config.yaml with all metrics that LiteLLM has."""
    return _without_settings(config, (CHOICE_OF_METRICS,))


def without_user_agent_tags(config: Config) -> Config:
    """Return config.yaml with which a request gets no tags for its User-Agent header."""
    return {**config, "litellm_settings": config["litellm_settings"] | {"disable_add_user_agent_to_request_tags": True}}


def under_uvicorn(variables: Variables) -> Variables:
    """Return the environment of a LiteLLM whose workers Uvicorn does not take for hung.

    It kills a worker that does not answer for 5 s, as when it was frozen, or loads LiteLLM beside a busy one.
    """
    return variables | {"TIMEOUT_WORKER_HEALTHCHECK": "3600"}


def alone(variables: Variables) -> Variables:
    """Return the environment of a LiteLLM in which no program of this project runs."""
    return under_uvicorn(_without(variables, (STARTUP_HOOKS, "PYTHONPATH", *METRICS)))


def without_hook(variables: Variables, program: Path) -> Variables:
    """Return the environment of a replica whose workers do not run one of this project's programs."""
    hooks = (hook for hook in variables[STARTUP_HOOKS].split(",") if hook != f"{program.stem}:start")
    return variables | {STARTUP_HOOKS: ",".join(hooks)}


def _without_settings(config: Config, names: Sequence[str]) -> Config:
    settings = {name: value for name, value in config["litellm_settings"].items() if name not in names}
    return {**config, "litellm_settings": settings}


def _without(variables: Variables, names: Sequence[str]) -> Variables:
    return {name: value for name, value in variables.items() if name not in names}


LITELLM_ALONE = ". /run/secrets/environment && exec litellm --port 4000 --config /etc/gateway/config.yaml"
"""As LiteLLM's documentation starts it (https://docs.litellm.ai/docs/proxy/deploy)."""
ALONE = Variant(without_metrics, alone, command=lambda _: LITELLM_ALONE)
ALL_METRICS = Variant(with_all_metrics)
GRANIAN = Variant(command=lambda command: command.replace(" --run_gunicorn", " --run_granian"))
UVICORN = Variant(environment=under_uvicorn, command=lambda command: command.replace(" --run_gunicorn", ""))
PYTHON_S_COLLECTIONS = Variant(environment=lambda variables: without_hook(variables, GARBAGE_COLLECTION))
WITHOUT_AIOHTTP = Variant(environment=lambda variables: variables | {"DISABLE_AIOHTTP_TRANSPORT": "True"})
WITHOUT_USER_AGENT_TAGS = Variant(without_user_agent_tags)
UNINDEXED = Variant(environment=lambda variables: without_hook(variables, MODEL_LOOKUP))
SAVINGS_EACH_TIME = Variant(environment=lambda variables: without_hook(variables, SAVED_SPEND))
LIMITS_EACH_TIME = Variant(environment=lambda variables: without_hook(variables, RATE_LIMIT_METRICS))
PRICES_EACH_TIME = Variant(environment=lambda variables: without_hook(variables, MODEL_PRICES))
HTTPTOOLS = Variant(package="httptools==0.9.0")
"""Uvicorn takes this parser where it finds it (https://www.uvicorn.org/settings/#implementation)."""
