"""The configurations that the hardening is proved on: those of prod and baseline, scaled to a short test."""

from typing import Any

from testbed.configuration import edge_ports, read

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
"""Seconds, in place of 60, 15 and 300: none of them is LiteLLM's own default."""
REQUESTS_BEFORE_RESTART, JITTER = 50, 10
"""In place of prod's 10000 and 1000."""
SIZE = {"replicas": 1, "workers": WORKERS, "memory_mib": 8192}
POOLS = {
    "database_connection_pool_limit": POOL,
    "redis_connection_pool_limit": POOL,
}
RECYCLING: dict[str, object] = {
    "gateway:litellm.max_requests_before_restart": REQUESTS_BEFORE_RESTART,
    "gateway:litellm.max_requests_before_restart_jitter": JITTER,
    # A worker that reaches its limit logs it at this level.
    "gateway:litellm.log_level": "INFO",
}
"""Workers are replaced after a few requests."""

Config = dict[str, Any]


def hardened() -> Config:
    """Return prod's LiteLLM in one replica, protected as prod is, with timeouts that a test can wait for."""
    config = _stack("prod") | {"gateway:protect": True}
    config["gateway:litellm"]["config"] |= {
        "cooldown_time": COOLDOWN,
        "alerting_threshold": HANGING,
        "database_timeouts": {
            "statement": STATEMENT_TIMEOUT, "lock": LOCK_TIMEOUT,
            "pool": POOL_TIMEOUT, "connect": CONNECT_TIMEOUT, "socket": SOCKET_TIMEOUT,
        },
        "spend_logs_cleanup": "* * * * *",
    }  # fmt: skip
    return config


def baseline() -> Config:
    """Return baseline's LiteLLM with as many workers as the hardened one, so that both can carry the same load."""
    return _stack("baseline")


def _stack(name: str) -> Config:
    litellm: Config = read(name)["gateway:litellm"] | SIZE
    litellm["config"] |= POOLS
    return {
        "gateway:litellm": litellm,
        "gateway:edge": edge_ports(),
        "gateway:mock_provider": {"enabled": True},
    }
