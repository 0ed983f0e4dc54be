"""The bound of the memory that bodies take in a worker."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from components.litellm.worker.hooks.body_memory import LIMITS, SMALL_BYTES, BodyMemory, Message, Room

MIB = 2**20
ROOM = 10 * MIB


class Client:
    """One request, and the answer that it got."""

    def __init__(self, pieces: Iterable[bytes], stated: int | None, limits: bytes = b"8388608 0.05") -> None:
        self._pieces = iter(pieces)
        self.read = 0
        length = [(b"transfer-encoding", b"chunked")] if stated is None else [(b"content-length", b"%d" % stated)]
        self.scope = {"type": "http", "headers": [*length, (LIMITS, limits)]}
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        piece = next(self._pieces, b"")
        self.read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def message(self) -> str:
        return str(json.loads(self.sent[1]["body"])["error"]["message"])


class Application:
    """Reads the body, then answers once it may."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.reading = 0
        self.headers: list[tuple[bytes, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.headers = scope["headers"]
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                await send({"type": "http.response.start", "status": 500, "headers": []})
                raise ConnectionError
            self.reading += len(message["body"])
            if not message["more_body"]:
                break
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def pieces(size: int) -> Iterator[bytes]:
    """Return a body in pieces of 64 KiB."""
    return (b"x" * SMALL_BYTES for _ in range(size // SMALL_BYTES))


def ask(size: int, *, stated: bool, room: Room | None = None) -> Client:
    client = Client(pieces(size), size if stated else None)
    asyncio.run(BodyMemory(Application(), room or Room(ROOM))(client.scope, client.receive, client.send))
    return client


@pytest.mark.parametrize("stated", [True, False])
def test_body_within_the_limit_is_served(stated: bool) -> None:  # noqa: FBT001
    assert ask(8 * MIB, stated=stated).status == 200


@pytest.mark.parametrize("stated", [True, False])
def test_body_beyond_the_limit_gets_413_after_it_was_sent(stated: bool) -> None:  # noqa: FBT001
    client = ask(9 * MIB, stated=stated)
    assert (client.status, client.message) == (413, "the body is larger than 8 MiB")
    assert client.read == 9 * MIB


def test_body_that_the_worker_cannot_hold_gets_413() -> None:
    assert ask(2 * MIB, stated=True, room=Room(MIB)).message == "the body is larger than 1 MiB"


@pytest.mark.parametrize("stated", [True, False])
def test_room_is_given_back(stated: bool) -> None:  # noqa: FBT001
    room = Room(ROOM)
    for size in (MIB, 9 * MIB):
        ask(size, stated=stated, room=room)
        assert room.taken == 0


def two(size: int, *, stated: bool, free: bool) -> tuple[Client, Client, Application]:
    """Ask with a body while the first of the same size is worked on; `free`: the first ends soon."""

    async def run() -> tuple[Client, Client, Application]:
        application = Application()
        application.go.clear()
        served = BodyMemory(application, Room(ROOM))
        first, second = (Client(pieces(size), size if stated else None) for _ in range(2))
        working = asyncio.create_task(served(first.scope, first.receive, first.send))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(served(second.scope, second.receive, second.send))
        await asyncio.sleep(0.01)
        if free:
            application.go.set()
        else:
            await waiting
            application.go.set()
        await asyncio.gather(working, waiting)
        return first, second, application

    return asyncio.run(run())


def test_body_waits_unread_until_there_is_room() -> None:
    first, second, _ = two(6 * MIB, stated=True, free=True)
    assert (first.status, second.status) == (200, 200)


@pytest.mark.parametrize("stated", [True, False])
def test_body_without_room_in_time_gets_503_with_a_retry_time(stated: bool) -> None:  # noqa: FBT001
    first, second, application = two(6 * MIB, stated=stated, free=False)
    assert (first.status, second.status) == (200, 503)
    assert (b"retry-after", b"5") in second.sent[0]["headers"]
    assert application.reading < 11 * MIB


def test_small_body_needs_no_room() -> None:
    room = Room(ROOM)
    room.taken = ROOM
    assert ask(SMALL_BYTES, stated=True, room=room).status == 200
    assert ask(SMALL_BYTES, stated=False, room=room).status == 200


def test_those_who_wait_are_served_in_their_order() -> None:
    async def run() -> list[int]:
        room, order = Room(10), list[int]()

        async def take(size: int) -> None:
            await room.take(size, 1)
            order.append(size)

        await room.take(8, 1)
        tasks = [asyncio.create_task(take(size)) for size in (9, 1)]
        await asyncio.sleep(0)
        room.give_back(8)
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(run()) == [9, 1]


def test_one_who_leaves_the_queue_holds_up_nobody() -> None:
    async def run() -> int:
        room = Room(10)
        await room.take(8, 1)
        large = asyncio.create_task(room.take(9, 1))
        small = asyncio.create_task(room.take(2, 1))
        await asyncio.sleep(0)
        large.cancel()
        await small
        return room.taken

    assert asyncio.run(run()) == 10


def test_litellm_does_not_see_the_edge_s_header() -> None:
    application = Application()
    client = Client(pieces(0), 0)
    asyncio.run(BodyMemory(application, Room(ROOM))(client.scope, client.receive, client.send))
    assert LIMITS not in dict(application.headers)
