"""Runs LiteLLM, and tells the edge before it stops.

A server that stops listening at once loses the connections that wait in its backlog. So a stop signal first makes
this program answer `drain` to HAProxy's agent check, which takes the replica out of rotation; LiteLLM gets the signal
when the edge has had time to ask (https://docs.haproxy.org/2.6/configuration.html, agent-check).

Needs nothing but Python's standard library: it runs in LiteLLM's own image.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence

AGENT_PORT = 4002
"""Where the edge asks, each second, whether it may send requests."""

DRAIN_SECONDS = 3
"""Between the stop signal and LiteLLM's: time for two questions of the edge, and for requests on the way."""

READY, DRAIN = b"ready\n", b"drain\n"


async def run(command: Sequence[str], port: int = AGENT_PORT, drain_seconds: float = DRAIN_SECONDS) -> int:
    """Run the command until it ends, by itself or drained after a stop signal, and give its exit code."""
    stopping = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)
    process = await asyncio.create_subprocess_exec(*command)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(DRAIN if stopping.is_set() else READY)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "0.0.0.0", port):  # noqa: S104 - reached from private networks only
        ended = asyncio.create_task(process.wait())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await asyncio.wait({ended}, timeout=drain_seconds)
        if not ended.done():
            process.terminate()
        return await ended


if __name__ == "__main__":
    sys.exit(asyncio.run(run(sys.argv[1:])))
