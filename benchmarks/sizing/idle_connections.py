"""Clients that keep a connection open without using it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

OPENERS = 20
"""Connections that are opened at the same time."""
REQUEST = "GET /health/liveliness HTTP/1.1\r\nHost: {host}\r\n\r\n"
OPEN_SECONDS = 30


@asynccontextmanager
async def connected(url: str, count: int) -> AsyncIterator[None]:
    """Keep so many connections open while the body runs. Each has had one answer, as those of a client's pool have.

    Raises:
        AssertionError: when a connection gets another answer, or was closed at the end.
    """
    address = urlsplit(url)
    opening = asyncio.Semaphore(OPENERS)

    async def connection() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with opening, asyncio.timeout(OPEN_SECONDS):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(REQUEST.format(host=address.hostname).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert head.startswith("http/1.1 200"), head
            sizes = [line.split(":")[1] for line in head.splitlines() if line.startswith("content-length:")]
            await reader.readexactly(int(sizes[0]))
            return reader, writer

    connections = await asyncio.gather(*(connection() for _ in range(count)))
    try:
        yield
        closed = sum(reader.at_eof() for reader, _ in connections)
        assert not closed, f"{closed} of {count} idle connections were closed"
    finally:
        for _, writer in connections:
            writer.close()
