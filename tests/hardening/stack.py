"""The configurations that the rows are proved on: prod's and baseline's own, scaled to a short test."""

from pathlib import Path
from typing import Any

import yaml

STACKS = Path(__file__).parents[2] / "stacks"
POOL = 5
"""In place of prod's 50, for both pools: a load of two processors reaches it."""
WORKERS = 2
COOLDOWN = 15
"""Seconds, in place of prod's 60."""
HANGING = 5
"""Seconds, in place of prod's alerting_threshold of 1000."""
STATEMENT_TIMEOUT, LOCK_TIMEOUT = 6, 3
"""Seconds, in place of 60 and 15."""
POOL_TIMEOUT, CONNECT_TIMEOUT, SOCKET_TIMEOUT = 50, 14, 290
"""Seconds, in place of 60, 15 and 300: none is what LiteLLM does of its own accord."""
REQUESTS_BEFORE_RESTART, JITTER = 50, 10
"""In place of prod's 10000 and 1000."""
SCALED = {
    "database_connection_pool_limit": POOL,
    "redis_connection_pool_limit": POOL,
}

Config = dict[str, Any]


def hardened(edge: Config) -> Config:
    """Give prod's LiteLLM in one replica, its waits short enough to see their end; protected as prod is."""
    litellm = _litellm("prod")
    litellm["config"] |= {
        **SCALED,
        "cooldown_time": COOLDOWN,
        "alerting_threshold": HANGING,
        "database_timeouts": {
            "statement": STATEMENT_TIMEOUT, "lock": LOCK_TIMEOUT,
            "pool": POOL_TIMEOUT, "connect": CONNECT_TIMEOUT, "socket": SOCKET_TIMEOUT,
        },
        "spend_logs_cleanup": "* * * * *",
    }  # fmt: skip
    return _stack(litellm, edge) | {"gateway:protect": True}


def before(edge: Config) -> Config:
    """Give baseline's LiteLLM with as many workers, so that both answer the same load."""
    litellm = _litellm("baseline")
    litellm["config"] |= SCALED
    return _stack(litellm, edge)


def recycling(edge: Config) -> Config:
    """Give prod's LiteLLM whose workers are replaced after a few requests."""
    stack = hardened(edge) | {"gateway:protect": False}
    stack["gateway:litellm"] |= {
        "max_requests_before_restart": REQUESTS_BEFORE_RESTART,
        "max_requests_before_restart_jitter": JITTER,
        # A worker that reached its limit says so at this level.
        "log_level": "INFO",
    }
    return stack


def _litellm(stack: str) -> Config:
    config: Config = yaml.safe_load((STACKS / f"Pulumi.{stack}.yaml").read_text())["config"]["gateway:litellm"]
    return config | {"replicas": 1, "workers": WORKERS, "memory": 8192}


def _stack(litellm: Config, edge: Config) -> Config:
    return {"gateway:litellm": litellm, "gateway:edge": edge, "gateway:mock_provider": {"enabled": True}}
