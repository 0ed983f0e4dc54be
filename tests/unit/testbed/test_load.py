"""A request of a load is good when it is answered to its end."""

import asyncio
import math
from collections.abc import Mapping

import httpx
import pytest

from testbed.load import PIECE_BYTES, STREAM_CUT, Asked, Load, body_of, send

EVENTS = {"content-type": "text/event-stream"}


class Gateway(httpx.AsyncBaseTransport):
    """Answers each request alike, and keeps what it got."""

    def __init__(self, status: int = 200, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> None:
        self.answer = status, body, headers
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        status, body, headers = self.answer
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    def asked(self, body: bytes = b"{}") -> Asked:
        async def run() -> Asked:
            async with httpx.AsyncClient(base_url="http://gateway", transport=self) as client:
                return await send(client, "sk-caller", body)

        return asyncio.run(run())


@pytest.mark.parametrize(
    ("gateway", "result"),
    [
        (Gateway(), 200),
        (Gateway(200, b"data: {}\n\ndata: [DONE]\n\n", EVENTS), 200),
        (Gateway(200, b'data: {"error": {}}\n\n', EVENTS), STREAM_CUT),
        (Gateway(503), 503),
    ],
)
def test_a_stream_without_its_end_mark_is_cut(gateway: Gateway, result: int | str) -> None:
    assert gateway.asked().result == result


def test_a_refusal_says_when_to_come_back() -> None:
    assert Gateway(429, headers={"retry-after": "5"}).asked().retry_after == "5"


def test_a_large_body_arrives_whole_and_states_its_size() -> None:
    gateway, body = Gateway(), body_of(content="x" * PIECE_BYTES)
    gateway.asked(body)
    (request,) = gateway.requests
    assert request.content == body
    assert request.headers["content-length"] == str(len(body))
    assert "transfer-encoding" not in request.headers


def test_times_are_those_of_answered_requests() -> None:
    load = Load([Asked(200, 0.1, 1), Asked(200, 0.2, 2), Asked("ReadError", 9, 9)])
    assert (load.quantile(0.99), load.quantile(0.99, first=True), load.failed) == (2, 0.2, 1)
    assert Load().quantile(0.5) == math.inf


def test_answers_flow_from_their_first_piece_to_their_end() -> None:
    first = Asked(200, first=1, seconds=5, sent=0)
    second = Asked(200, first=1, seconds=5, sent=3)
    queued = Asked(200, first=9, seconds=12, sent=0)
    assert Load([first, second, queued]).most_streamed == 2


def test_a_refused_request_does_not_flow() -> None:
    assert Load([Asked(503, first=0, seconds=5)]).most_streamed == 0
    assert Load([]).most_streamed == 0
