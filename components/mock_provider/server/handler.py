"""Handles a request: reads it, fails it when told to, waits, answers in the provider's form, counts it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from .control import Control, Fault, FaultKind
from .counts import ANSWERED, CLIENT_LEFT, Counts, Usage

Json = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]


class Refused(ValueError):
    """The request lacks something that the provider requires. It is answered with the provider's own 400."""


@dataclass(frozen=True)
class Answer:
    """A whole answer: one JSON body, or the frames of a stream with their media type."""

    usage: Usage
    body: Json | None = None
    frames: tuple[bytes, ...] = ()
    media_type: str = "application/json"


@dataclass(frozen=True)
class Call:
    """One call of one provider's API as data: how it answers, and how it words an error."""

    answer: Callable[[Json, Control], Answer]
    refuse: Callable[[FaultKind, str], Json]


class Provider:
    """The settings in force and the counts so far. One process only: workers would each have their own."""

    def __init__(self, control: Control) -> None:
        self.counts = Counts()
        self.apply(control)

    def apply(self, control: Control) -> None:
        """Replace all settings."""
        self.control = control
        self._left = [fault.times for fault in control.faults]

    def remaining(self) -> Control:
        """Return the settings, with only the faults that are left and how often each is left."""
        left = (
            fault.model_copy(update={"times": times})
            for fault, times in zip(self.control.faults, self._left, strict=True)
            if times != 0
        )
        return self.control.model_copy(update={"faults": tuple(left)})

    def fault_for(self, model: str) -> Fault | None:
        """Return the fault of this request, and use it up once."""
        for place, fault in enumerate(self.control.faults):
            times = self._left[place]
            if times == 0 or not fault.matches(model):
                continue
            if times is not None:
                self._left[place] = times - 1
            return fault
        return None

    def serves(self, call: Call) -> Endpoint:
        """Return the endpoint that serves a call."""

        async def endpoint(request: Request) -> Response:
            return await self._exchange(call, request)

        return endpoint

    async def _exchange(self, call: Call, request: Request) -> Response:
        try:
            request_body = _read(await request.body()) | request.path_params
            model = str(require(request_body, "model"))
        except Refused as refused:
            return self._refuse(call, "unknown", FaultKind.BAD_REQUEST, str(refused))
        fault, control = self.fault_for(model), self.control
        if fault and fault.kind is FaultKind.HANG:
            return await self._hang(model, request)
        if control.latency_ms and await _left(request, control.latency_ms / 1000):
            self.counts.add(model, CLIENT_LEFT)
            return Response(status_code=499)  # nobody reads it
        if fault:
            return self._refuse(call, model, fault.kind, fault.kind.message)
        try:
            answer = call.answer(request_body, control)
        except Refused as refused:
            return self._refuse(call, model, FaultKind.BAD_REQUEST, str(refused))
        if answer.frames:
            return StreamingResponse(self._stream(model, answer, control), media_type=answer.media_type)
        self.counts.add(model, ANSWERED, answer.usage)
        return json_response(answer.body)

    def _refuse(self, call: Call, model: str, kind: FaultKind, message: str) -> Response:
        self.counts.add(model, kind.value)
        return json_response(call.refuse(kind, message), kind.status)

    async def _hang(self, model: str, request: Request) -> Response:
        self.counts.add(model, FaultKind.HANG.value)
        await _left(request)
        return Response(status_code=499)  # nobody reads it

    async def _stream(self, model: str, answer: Answer, control: Control) -> AsyncIterator[bytes]:
        outcome, usage = CLIENT_LEFT, Usage()
        try:
            for place, frame in enumerate(answer.frames):
                if place and control.chunk_latency_ms:
                    await asyncio.sleep(control.chunk_latency_ms / 1000)
                yield frame
            outcome, usage = ANSWERED, answer.usage
        finally:
            self.counts.add(model, outcome, usage)


async def _left(request: Request, seconds: float | None = None) -> bool:
    """Wait so long, or for ever, and return whether the client left. The request's body has been read."""
    try:
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def require(request_body: Json, key: str) -> Any:
    """Return a value that the provider requires.

    Raises:
        Refused: names the missing key.
    """
    if request_body.get(key) in (None, "", []):
        raise Refused(f"{key} is required")
    return request_body[key]


def json_response(body: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(packed(body), status, media_type="application/json")


def event(body: Json) -> bytes:
    """Return a server-sent event."""
    return b"data: " + packed(body) + b"\n\n"


def packed(body: Any) -> bytes:
    """Return JSON without spaces."""
    return json.dumps(body, separators=(",", ":")).encode()


def _read(body: bytes) -> Json:
    try:
        request_body = json.loads(body)
    except ValueError as error:
        raise Refused(f"the body is not JSON: {error}") from error
    if not isinstance(request_body, dict):
        raise Refused("the body is not a JSON object")
    return request_body
