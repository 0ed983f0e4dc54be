"""Runs LiteLLM, and tells the edge how many requests it may send.

HAProxy asks each second by its agent check (https://docs.haproxy.org/2.6/configuration.html, agent-check). `ready` with
`maxconn` limits the requests in flight: to what memory holds, and to fewer while the workers are late because their
processors are busy. The edge queues the rest.

Docker finds a replica by its name as soon as its container runs, seconds before LiteLLM listens. So until LiteLLM has
answered once, this program answers `drain` too. The edge asks within a second.

A server that stops listening at once loses the connections that wait in its backlog. So a stop signal first makes this
program answer `drain`, which takes the replica out of rotation; LiteLLM gets the signal when the edge has had time to
ask.

Where the replica is scraped, it also keeps the program running that serves its metrics.

Needs nothing but Python's standard library: it runs in LiteLLM's own image.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

AGENT_PORT = 4002
"""Where the edge asks, each second, whether it may send requests."""

PORT = 4000
"""Where LiteLLM serves."""

DRAIN_SECONDS = 3
"""Between the stop signal and LiteLLM's: time for two questions of the edge, and for requests on the way."""

IDLE_SECONDS = 120.0
"""A LiteLLM that is told to end and has had no connection for so long is killed. Its shutdown hangs now and then after
its last write, and the next update would wait for its whole stop timeout."""

READY, DRAIN = b"ready", b"drain"

METRICS_SERVER = Path(__file__).with_name("metrics_server.py")
"""Runs beside LiteLLM in a replica that Prometheus scrapes."""
METRICS_PORT_VARIABLE, METRICS_FOLDER_VARIABLE = "GATEWAY_METRICS_PORT", "PROMETHEUS_MULTIPROC_DIR"
RESTART_SECONDS = 1.0
"""Before the metrics' program starts again."""

START_SECONDS = 0.1
"""From one look to the next, until LiteLLM answers for the first time."""
PROBE_SECONDS = 1.0
"""From one measurement of the workers to the next."""
LATE_SECONDS = 1.0
"""A worker that answers its liveness later than this has no processor time left."""
PROBE_TIMEOUT_SECONDS = 5.0
LEAST_A_WORKER = 24
"""Requests in flight that keep a worker's processor busy, whichever backends of the edge they come by."""
FEWER, MORE = 0.7, 1.25
"""Factors of the limit after a late answer, and after one in time."""
BACKENDS = 3
"""The edge's backends that share the limit. Those that are in use may be in one of them alone."""
QUESTION = b"GET /health/liveliness HTTP/1.0\r\n\r\n"


@dataclass
class Limit:
    """How many requests in flight the workers can serve, learned from how late they answer."""

    least: int
    """Never fewer: they would leave processor time unused."""
    value: float = float("inf")

    def learn(self, seconds: float, in_flight: int) -> None:
        """Lower or raise the limit after an answer that took so long, with so many requests in flight."""
        if seconds > LATE_SECONDS:
            self.value = max(self.least, FEWER * min(self.value, BACKENDS * in_flight))
        else:
            self.value = max(self.value, in_flight) * MORE

    def share(self, question: bytes) -> bytes:
        """Return the limit of one backend in the agent check's words; none when the backend did not say its share.

        The question is the most that this backend sends, and the most that all of them do.
        """
        match question.split():
            case [most, all_backends] if most.isdigit() and all_backends.isdigit() and int(all_backends):
                share = min(int(most), self.value * int(most) / int(all_backends))
                return b" maxconn:%d" % max(1, round(share))
        return b""


def in_flight(table: Path = Path("/proc/net/tcp"), port: int = PORT) -> int:
    """Count the connections to LiteLLM. The edge opens one for each request."""
    established = "01"
    rows = (line.split(maxsplit=4) for line in table.read_text().splitlines()[1:])
    return sum(local.endswith(f":{port:04X}") and state == established for _, local, _, state, *_ in rows)


async def answer_time(port: int = PORT) -> float | None:
    """Return the seconds in which a worker answers; None while none listens."""
    begin = time.monotonic()
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(QUESTION)
                await reader.read(1)
            finally:
                writer.close()
    except TimeoutError:
        return PROBE_TIMEOUT_SECONDS
    except OSError:
        return None
    return time.monotonic() - begin


async def watch(limit: Limit, serving: asyncio.Event, port: int) -> None:
    """Say when LiteLLM answers for the first time, and from then on measure the workers."""
    while True:
        seconds = await answer_time(port)
        if serving.is_set():
            if seconds is not None:
                limit.learn(seconds, in_flight(port=port))
        # With several workers the port is open before they are there: nobody answers in time.
        elif seconds is not None and seconds < PROBE_TIMEOUT_SECONDS:
            serving.set()
        await asyncio.sleep(PROBE_SECONDS if serving.is_set() else START_SECONDS)


async def end(process: asyncio.subprocess.Process, port: int, idle_seconds: float) -> int:
    """Tell LiteLLM to end and wait for it; kill it once it has had no connection for so long. Return its exit code."""
    process.terminate()
    ended, idle = asyncio.create_task(process.wait()), 0.0
    while not ended.done():
        await asyncio.wait({ended}, timeout=PROBE_SECONDS)
        idle = 0.0 if in_flight(port=port) else idle + PROBE_SECONDS
        if idle >= idle_seconds and not ended.done():
            print(f"LiteLLM did not end within {idle_seconds:.0f} s after its last connection: killed", flush=True)
            process.kill()
            break
    return await ended


async def keep_running(command: Sequence[str]) -> None:
    """Run a command, and again whenever it ends. Cancelled, it ends the command."""
    while True:
        process = await asyncio.create_subprocess_exec(*command)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        print(f"{command[1]} ended with exit code {code} and starts again", flush=True)
        await asyncio.sleep(RESTART_SECONDS)


def metrics_server() -> list[str]:
    """Return the command that serves the replica's metrics; empty: nobody scrapes it. Make the workers' folder."""
    port = os.environ.get(METRICS_PORT_VARIABLE)
    if port is None:
        return []
    Path(os.environ[METRICS_FOLDER_VARIABLE]).mkdir(parents=True, exist_ok=True)
    return [sys.executable, str(METRICS_SERVER), port]


async def run(
    command: Sequence[str],
    port: int = AGENT_PORT,
    drain_seconds: float = DRAIN_SECONDS,
    litellm_port: int = PORT,
    idle_seconds: float = IDLE_SECONDS,
    *,
    beside: Sequence[str] = (),
) -> int:
    """Run the command until it ends, by itself or drained after a stop signal, and give its exit code.

    Another command runs `beside` it all the time, whatever becomes of that one.
    """
    serving, stopping = asyncio.Event(), asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    limit = Limit(LEAST_A_WORKER * int(os.environ.get("NUM_WORKERS", "1")))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        question = b""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                question = await reader.readline()
        ready = serving.is_set() and not stopping.is_set()
        writer.write((READY + limit.share(question) if ready else DRAIN) + b"\n")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(answer, "0.0.0.0", port):  # noqa: S104 - reached from private networks only
        process = await asyncio.create_subprocess_exec(*command)
        watching = asyncio.create_task(watch(limit, serving, litellm_port))
        kept = asyncio.create_task(keep_running(beside)) if beside else None
        ended = asyncio.create_task(process.wait())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await asyncio.wait({ended}, timeout=drain_seconds)
        watching.cancel()
        code = ended.result() if ended.done() else await end(process, litellm_port, idle_seconds)
        if kept:
            kept.cancel()
            await asyncio.wait({kept})
        return code


if __name__ == "__main__":
    sys.exit(asyncio.run(run(sys.argv[1:], beside=metrics_server())))
