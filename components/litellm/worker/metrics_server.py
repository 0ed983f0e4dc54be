"""Serves the sum of what a replica's workers count, in a process of its own beside LiteLLM.

LiteLLM can start one too (litellm/proxy/prometheus_metrics_server.py). That one loads all of LiteLLM first: 200 MiB,
seconds of processor time, and the replica ends when it does not answer within 30 s, as on a machine that is busy with
an update. This one is prometheus_client alone.
"""

import sys
import threading

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

ADDRESS = "0.0.0.0"  # noqa: S104 - reached from private networks only


def serve(port: int) -> threading.Thread:
    """Serve in a thread; return it. Every path is the metrics'."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    _, thread = start_http_server(port, ADDRESS, registry)
    return thread


if __name__ == "__main__":
    serve(int(sys.argv[1])).join()
