"""Starts a process that serves the metrics of a proxy's workers: LiteLLM's own (a), and prometheus_client alone (b)."""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PORT = 9401
"""Free in the container."""
LITELLM_S = ("-m", "litellm.proxy.prometheus_metrics_server", "--host", "127.0.0.1", "--port")
SERVER = """
import sys
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

registry = CollectorRegistry()
MultiProcessCollector(registry)
server, thread = start_http_server(int(sys.argv[1]), "127.0.0.1", registry)
thread.join()
"""
ALONE = ("-c", SERVER)
DEADLINE = 120


def measured(arguments: tuple[str, ...], port: int = PORT) -> dict[str, float]:
    """Start the process, whose last argument is its port; return what it has taken once it answers."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": folder}
        begin = time.monotonic()
        process = subprocess.Popen([sys.executable, *arguments, str(port)], env=environment)
        try:
            while not answers(port):
                assert process.poll() is None, "the process has ended"
                assert time.monotonic() - begin < DEADLINE, f"no answer within {DEADLINE} s"
                time.sleep(0.05)
            return {"seconds": time.monotonic() - begin, **taken(process.pid)}
        finally:
            process.kill()
            process.wait()


def answers(port: int) -> bool:
    """Return whether the metrics are served."""
    with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def taken(process: int) -> dict[str, float]:
    """Return a process's resident MiB and its processor seconds (https://man7.org/linux/man-pages/man5/proc.5.html)."""
    numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    ticks = int(numbers[11]) + int(numbers[12])
    return {
        "processor": ticks / os.sysconf("SC_CLK_TCK"),
        "resident": pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
    }


if __name__ == "__main__":
    print(json.dumps({"a": measured(LITELLM_S), "b": measured(ALONE)}))
