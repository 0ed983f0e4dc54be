"""One completion, and the same as a shell command."""

import json
import shlex
from itertools import count
from types import SimpleNamespace

import httpx
import pytest

from ops.errors import OperationError
from ops.update.smoke_test import COMPLETION_TIMEOUT_SECONDS, complete, curl_command, smoke_test
from ops.update.stopwatch import Stopwatch
from tests.unit.ops.gateways import gateway_of, serving_only
from tests.unit.ops.proxied import beside_a_proxy

KEY = {"Authorization": "Bearer sk-1"}
HOST = "llm.example.com"
ANSWER = {"choices": [{"message": {"content": "pong"}}]}


def serve(monkeypatch: pytest.MonkeyPatch, *answers: httpx.Response | Exception) -> list[httpx.Request]:
    """Answer each request in turn, the last one for ever, ten seconds apart; gives the requests that came."""
    requests: list[httpx.Request] = []
    clock = count(0.0, 10.0)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = answers[min(len(requests), len(answers) - 1)]
        requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    transport, client = httpx.MockTransport(handle), httpx.Client
    monkeypatch.setattr("ops.update.smoke_test.httpx.Client", lambda **kind: client(transport=transport, **kind))
    monkeypatch.setattr("ops.check.wait.time", SimpleNamespace(monotonic=clock.__next__, sleep=lambda _: None))
    return requests


def test_the_command_sends_the_same_request() -> None:
    words = shlex.split(curl_command(gateway_of("dev"), "small").rpartition("|")[2].replace("\\\n", ""))
    assert words[0] == "curl"
    assert words[words.index("--noproxy") + 1] == "*"
    assert "http://127.0.0.1:4000/v1/chat/completions" in words
    assert json.loads(words[-1]) == {"model": "small", "messages": [{"role": "user", "content": "ping"}]}


def test_the_command_holds_no_key_and_reads_it_from_a_pipe() -> None:
    line = curl_command(gateway_of("dev"), "small")
    assert "pulumi stack output master_key --show-secrets --stack dev |" in line
    assert "-H @-" in line
    assert "sk-" not in line
    assert "Authorization" not in line.rpartition("|")[2]


def test_the_text_of_the_answer_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = serve(monkeypatch, httpx.Response(200, json=ANSWER))
    assert complete("http://gateway", KEY, "small") == "pong"
    (request,) = requests
    assert request.url == "http://gateway/v1/chat/completions"
    assert request.headers["Authorization"] == "Bearer sk-1"
    assert json.loads(request.content)["model"] == "small"


def test_a_completion_never_goes_to_the_environment_s_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with beside_a_proxy(monkeypatch) as url:
        assert complete(url, KEY, "small") == "pong"


def test_a_host_is_named_where_the_edge_wants_one(monkeypatch: pytest.MonkeyPatch) -> None:
    requests, named = serve(monkeypatch, httpx.Response(200, json=ANSWER)), serving_only(gateway_of("dev"), HOST)
    complete(named.proxy_url, named.headers, "small")
    assert requests[0].headers["Host"] == HOST
    words = shlex.split(curl_command(named, "small").rpartition("|")[2].replace("\\\n", ""))
    assert f"Host: {HOST}" in words


def test_a_gateway_that_is_not_yet_ready_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = serve(monkeypatch, httpx.ConnectError("refused"), httpx.Response(503), httpx.Response(200, json=ANSWER))
    assert complete("http://gateway", KEY, "small") == "pong"
    assert len(requests) == 3


def test_the_attempts_end(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = serve(monkeypatch, httpx.Response(401))
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        complete("http://gateway", KEY, "small")
    assert COMPLETION_TIMEOUT_SECONDS <= 10 * len(requests) <= COMPLETION_TIMEOUT_SECONDS + 10


def test_a_stack_without_a_key_is_up_and_not_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ops.update.smoke_test.complete", lambda *_: pytest.fail("a model was asked"))
    monkeypatch.setattr("ops.stack.gateway.Gateway.chat_model", None)
    smoke_test(gateway_of("prod"), Stopwatch())
    assert "no chat model has its key yet" in capsys.readouterr().out


def test_the_times_and_the_command_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(monkeypatch, httpx.Response(200, json=ANSWER))
    smoke_test(gateway_of("dev"), Stopwatch())
    printed = capsys.readouterr().out
    assert "dev is up: http://127.0.0.1:4000" in printed
    assert "answered 'pong' after" in printed
    assert "curl -sS" in printed


def test_a_gateway_that_never_answers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, httpx.ConnectError("refused"))
    with pytest.raises(OperationError, match=r"did not answer through http://127\.0\.0\.1:4000: refused$"):
        smoke_test(gateway_of("dev"), Stopwatch())
