"""What a replica's memory holds: requests in flight, and bytes of bodies. `docs/adr/0032` has the measurements."""

from components.litellm.settings import LiteLLMSettings

WORKER_MIB = 700
"""Of a worker without requests, its database engine included."""
METRICS_MIB = 50
"""Of the process that serves a replica's metrics."""
REQUEST_MIB = 0.5
"""Of one request in flight, whose body is small."""
BODY_COPIES = 12
"""How many times its size a body takes at most: LiteLLM reads, parses, copies and writes it, and Python keeps a text
with one emoji at four bytes a character."""
MOST_REQUESTS = 10_000
"""At one replica: the edge has connections for no more."""


def requests_of_a_worker(settings: LiteLLMSettings, *, metrics: bool) -> int:
    """Return the requests in flight that one worker has memory for: half of what is spare."""
    return max(1, int(_spare_mib(settings, metrics=metrics) / 2 / REQUEST_MIB))


def requests_of_a_replica(settings: LiteLLMSettings, *, metrics: bool) -> int:
    """Return the requests in flight that a replica has memory for."""
    return min(MOST_REQUESTS, settings.workers * requests_of_a_worker(settings, metrics=metrics))


def body_bytes(settings: LiteLLMSettings, *, metrics: bool) -> int:
    """Return the bytes of bodies that one worker has memory for at the same time: the other half."""
    return int(max(1.0, _spare_mib(settings, metrics=metrics) / 2 / BODY_COPIES) * 2**20)


def _spare_mib(settings: LiteLLMSettings, *, metrics: bool) -> float:
    return (settings.memory_mib - (METRICS_MIB if metrics else 0)) / settings.workers - WORKER_MIB
