"""Runs in each LiteLLM worker as it starts: bounds the memory of the bodies that it works on at the same time.

LiteLLM holds a body several times over while it works on its request. A body that states its size waits until there is
room for it, and is not read meanwhile; one that states none is counted as it arrives. What finds no room in time is
refused, and small bodies always find some: their sum is bounded by the number of requests in flight.
"""

import asyncio
import json
import os
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from importlib import import_module
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ROOM = "GATEWAY_BODY_BYTES"
"""Variable with the bytes of bodies that a worker takes at the same time."""
LIMITS = b"x-gateway-body-limits"
"""Header by which the edge says the largest body in bytes, and the seconds that one may wait for room. LiteLLM does not
see it."""
NO_LIMITS = b"0 30"
"""Of a request that did not come by the edge: the room alone is the limit."""
SMALL_BYTES = 2**16
"""Bodies up to this size are not counted."""
DRAIN_SECONDS = 60
"""How long a refused body is read and thrown away before the answer: most clients read it only once they have sent all,
and a connection that closes before that loses it."""


class Refused(Exception):
    """A body is not taken."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Room:
    """The bytes that bodies may take at the same time. Those who wait get theirs in the order in which they came."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    def try_take(self, size: int) -> bool:
        """Take bytes if they are free."""
        if self._waiting or self.taken + size > self.size:
            return False
        self.taken += size
        return True

    async def take(self, size: int, wait: float) -> None:
        """Take bytes as soon as they are free, and wait so many seconds for that.

        Raises:
            TimeoutError: when they were not in time.
        """
        if self.try_take(size):
            return
        place = (size, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        try:
            async with asyncio.timeout(wait):
                await place[1]
        except BaseException:
            if place in self._waiting:
                self._waiting.remove(place)
                self._admit()
            elif place[1].done() and not place[1].cancelled():
                self.give_back(size)
            raise

    def give_back(self, size: int) -> None:
        """Give bytes back."""
        self.taken -= size
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self.taken + self._waiting[0][0] <= self.size:
            size, place = self._waiting.popleft()
            self.taken += size
            place.set_result(None)


class Body:
    """One body on its way in."""

    def __init__(self, room: Room, headers: Mapping[bytes, bytes], receive: Receive) -> None:
        largest, wait = headers.get(LIMITS, NO_LIMITS).split()
        self.refusal: Refused | None = None
        self.ended = False
        self._largest = min(int(largest) or room.size, room.size)
        self._wait = float(wait)
        self._stated = None if b"transfer-encoding" in headers else int(headers.get(b"content-length", b"0"))
        self._expects = b"expect" in headers
        self._room, self._receive = room, receive
        self._taken = self._arrived = 0

    async def admit(self) -> None:
        """Find room for a body that states its size.

        Raises:
            Refused: when it is too large, or there was no room in time.
        """
        size = self._stated or 0
        if size > self._largest:
            raise self._too_large()
        if size <= SMALL_BYTES:
            return
        try:
            await self._room.take(size, self._wait)
        except TimeoutError:
            raise _no_room() from None
        self._taken = size

    async def receive(self) -> Message:
        """Return the next message, or say that the client left once the body is refused."""
        if self.refusal:
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.request":
            self._arrived += len(message.get("body", b""))
            self.ended = not message.get("more_body", False)
            self.refusal = self._refusal()
        return {"type": "http.disconnect"} if self.refusal else message

    def _refusal(self) -> Refused | None:
        if self._stated is not None:
            return None
        if self._arrived > self._largest:
            return self._too_large()
        wanted = self._arrived - self._taken if self._arrived > SMALL_BYTES else 0
        if not wanted:
            return None
        if not self._room.try_take(wanted):
            return _no_room()
        self._taken += wanted
        return None

    def _too_large(self) -> Refused:
        return Refused(413, f"the body is larger than {self._largest / 2**20:.0f} MiB")

    async def drain(self) -> None:
        """Read the rest and throw it away, unless the client waits for leave to send it."""
        if self._expects:
            return
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self.ended:
                    message = await self._receive()
                    self.ended = message["type"] != "http.request" or not message.get("more_body", False)
        except TimeoutError:
            pass

    def close(self) -> None:
        """Give its room back."""
        self._room.give_back(self._taken)
        self._taken = 0


class BodyMemory:
    """The application with bounded bodies."""

    def __init__(self, application: Application, room: Room) -> None:
        self._application, self._room = application, room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        body = Body(self._room, dict(scope["headers"]), receive)
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != LIMITS]
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            # What LiteLLM makes of a body that breaks off is no answer to this client.
            if body.refusal and not begun:
                return
            begun = True
            await send(message)

        try:
            await body.admit()
            await self._application(scope, body.receive, answer)
        except Refused as refused:
            body.refusal = refused
        except Exception:
            if body.refusal is None or begun:
                raise
        finally:
            body.close()
        if body.refusal and not begun:
            await body.drain()
            await _refuse(body.refusal, send)


def _no_room() -> Refused:
    return Refused(503, "there was no memory for the body in time")


async def _refuse(refused: Refused, send: Send) -> None:
    text = json.dumps({"error": {"message": str(refused), "type": "gateway"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(text))]
    headers += [(b"retry-after", b"5")] if refused.status == 503 else []
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def start() -> None:
    """Put the bound in front of LiteLLM, which has begun to serve: before all of its own middleware."""
    app = import_module("litellm.proxy.proxy_server").app
    app.middleware_stack = BodyMemory(app.middleware_stack, Room(int(os.environ[ROOM])))
