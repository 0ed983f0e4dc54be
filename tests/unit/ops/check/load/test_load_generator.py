"""Requests are sent so many at a time, and each incomplete answer is counted by its kind."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from ops.check.load.latency import LoadResult, RequestTiming
from ops.check.load.load_generator import MAX_TOKENS, LoadSpec, send_load
from tests.unit.ops.proxied import beside_a_proxy

ANSWER = {"choices": [{"message": {"content": "pong"}}]}
HEADERS = {"Authorization": "Bearer sk-not-to-be-seen", "Host": "llm.example.com"}


class Chunks(httpx.AsyncByteStream):
    def __init__(self, *chunks: str) -> None:
        self.chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            await asyncio.sleep(0.01)
            yield f"{chunk}\n\n".encode()


@dataclass
class Proxy:
    """Answers each request in turn as told, the last answer for ever."""

    answers: list[httpx.Response | Exception | Chunks]
    seconds: float = 0.0
    requests: list[httpx.Request] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.seconds)
        self.under_way -= 1
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(200, stream=answer) if isinstance(answer, Chunks) else answer

    def run(self, spec: LoadSpec, reports: list[RequestTiming] | None = None) -> LoadResult:
        report = (reports if reports is not None else []).append
        return asyncio.run(send_load(spec, "http://edge", HEADERS, report, httpx.MockTransport(self)))


def spec(requests: int = 1, concurrency: int = 1, *, stream: bool = False, timeout: float = 5) -> LoadSpec:
    return LoadSpec("small", requests, concurrency, stream=stream, timeout=timeout)


def answer(status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=ANSWER)


@pytest.mark.parametrize(("requests", "concurrency", "most"), [(12, 4, 4), (3, 50, 3), (5, 1, 1)])
def test_all_requests_are_sent_and_never_more_at_once(requests: int, concurrency: int, most: int) -> None:
    proxy, reports = Proxy([answer()], seconds=0.01), list[RequestTiming]()
    result = proxy.run(spec(requests, concurrency), reports)
    assert len(result.requests) == len(reports) == len(proxy.requests) == requests
    assert proxy.most == most
    assert result.failed == 0


def test_a_request_is_a_short_chat_with_the_key() -> None:
    proxy = Proxy([answer()])
    proxy.run(spec())
    (request,) = proxy.requests
    assert (request.method, str(request.url)) == ("POST", "http://edge/v1/chat/completions")
    assert {name: request.headers[name] for name in HEADERS} == HEADERS
    body = json.loads(request.content)
    assert (body["model"], body["max_tokens"], body["stream"]) == ("small", MAX_TOKENS, False)


def test_load_never_goes_to_the_environment_s_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with beside_a_proxy(monkeypatch) as url:
        result = asyncio.run(send_load(spec(), url, HEADERS, lambda _: None))
    assert result.failed == 0


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(429), "HTTP 429"),
        (answer(503), "HTTP 503"),
        (answer(302), "HTTP 302"),
        (httpx.Response(200, json={}), "no completion in the answer"),
        (httpx.Response(200, text="<html>"), "no completion in the answer"),
        (httpx.ConnectError("refused"), "ConnectError"),
        (httpx.RemoteProtocolError("cut"), "RemoteProtocolError"),
        (httpx.ReadTimeout("late"), "timed out"),
    ],
)
def test_what_is_not_a_whole_answer_fails_by_its_kind(given: httpx.Response | Exception, kind: str) -> None:
    assert Proxy([given]).run(spec()).failures == {kind: 1}


def test_an_answer_that_comes_too_late_is_a_failure() -> None:
    assert Proxy([answer()], seconds=5).run(spec(timeout=0.05)).failures == {"timed out": 1}


def test_a_stream_is_timed_to_its_first_chunk_and_to_its_end() -> None:
    (sample,) = Proxy([Chunks("data: {}", "data: {}", "data: [DONE]")]).run(spec(stream=True)).requests
    assert sample.failure is None
    assert sample.first_chunk is not None
    assert 0.01 <= sample.first_chunk < sample.seconds


@pytest.mark.parametrize("chunks", [("data: {}",), ()])
def test_a_stream_without_its_end_is_a_failure(chunks: tuple[str, ...]) -> None:
    assert Proxy([Chunks(*chunks)]).run(spec(stream=True)).failures == {"stream without its end": 1}


def test_one_failure_leaves_the_others_as_they_are() -> None:
    result = Proxy([answer(500), answer()]).run(spec(10, 2))
    assert (len(result.answered), result.failures) == (9, {"HTTP 500": 1})
