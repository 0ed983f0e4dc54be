"""Runs in each LiteLLM worker as it starts: lets a worker that ends answer all that it has taken on.

Uvicorn closes connections whose request it has not read yet, and their clients get no answer. So between the end of
accepting and that there is a moment, in which the requests on the way arrive.
"""

import asyncio
import socket
from functools import wraps

from uvicorn import Server

SECONDS = 0.5
"""A request follows its connection at once: the edge opens one for each."""


def start() -> None:
    """Change how this process's server ends."""
    shutdown = Server.shutdown

    @wraps(shutdown)
    async def later(server: Server, sockets: list[socket.socket] | None = None) -> None:
        for listening in server.servers:
            listening.close()
        await asyncio.sleep(SECONDS)
        await shutdown(server, sockets)

    Server.shutdown = later  # type: ignore[method-assign, assignment]
