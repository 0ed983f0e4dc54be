"""Idle connections have had an answer, and stay open."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.sizing.idle_connections import connected

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"I\'m alive!"'


def hold(serve: Serve, count: int) -> int:
    """Hold connections to a server; return how many of them it had at once."""
    at_once: set[asyncio.StreamWriter] = set()

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at_once.add(writer)
        await serve(reader, writer)

    async def run() -> int:
        server = await asyncio.start_server(counted, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            async with connected(f"http://127.0.0.1:{port}", count):
                await asyncio.sleep(0.05)
                return len(at_once)

    return asyncio.run(run())


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ANSWER)


async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await answer(reader, writer)
    writer.close()


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")


def test_all_are_open_at_the_same_time() -> None:
    assert hold(answer, 50) == 50


def test_a_connection_that_is_closed_is_no_idle_one() -> None:
    with pytest.raises(AssertionError, match="3 of 3 idle connections were closed"):
        hold(close, 3)


def test_a_connection_without_a_good_answer_is_no_idle_one() -> None:
    with pytest.raises(AssertionError, match="503"):
        hold(refuse, 1)
