"""The gateway that is measured: prod's settings in one replica, asked for a model with OpenAI's API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.comparison.sides.gateways import OPENAI_FILE, MeasuredGateway, configuration, gateway_of
from benchmarks.sizing.plan import BATCH_WRITE_SECONDS

STACK = "sizing"
MODEL = "sizing-openai"
PROVIDER_MEMORY_MIB = 2048
"""Of the mock provider, which reads the large bodies too."""


def settings() -> dict[str, Any]:
    """Return the stack's settings. No worker is replaced while its memory is measured."""
    config = configuration("prod")
    litellm = config["gateway:litellm"] | {"max_requests_before_restart": None}
    litellm["config"] |= {"proxy_batch_write_at": BATCH_WRITE_SECONDS}
    config["gateway:edge"] |= {"keepalive_timeout": 600}
    return config | {
        "gateway:litellm": litellm,
        "gateway:mock_provider": {"enabled": True, "memory_mib": PROVIDER_MEMORY_MIB},
    }


@contextmanager
def started() -> Iterator[MeasuredGateway]:
    """Start the gateway. It is removed at the end, whatever became of it."""
    with gateway_of(STACK, settings(), {f"{MODEL}.yaml": OPENAI_FILE}) as project:
        yield MeasuredGateway.of(project, health_port=True)
