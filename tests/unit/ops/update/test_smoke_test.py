"""One completion, and the same as a shell command."""

import json
import shlex
from itertools import count
from types import SimpleNamespace

import httpx
import pytest

from ops.update.smoke_test import PATIENCE, ask, curl

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

    client = httpx.Client(transport=httpx.MockTransport(handle))
    monkeypatch.setattr("ops.update.smoke_test.httpx.post", client.post)
    monkeypatch.setattr("ops.update.smoke_test.time", SimpleNamespace(monotonic=clock.__next__, sleep=lambda _: None))
    return requests


def test_the_command_asks_for_what_the_program_asks() -> None:
    words = shlex.split(curl("http://127.0.0.1:4000", "dev", "small", {}).rpartition("|")[2].replace("\\\n", ""))
    assert words[0] == "curl"
    assert "http://127.0.0.1:4000/v1/chat/completions" in words
    assert json.loads(words[-1]) == {"model": "small", "messages": [{"role": "user", "content": "ping"}]}


def test_the_command_holds_no_key_and_reads_it_from_a_pipe() -> None:
    line = curl("http://127.0.0.1:4000", "dev", "small", {})
    assert "pulumi stack output master_key --show-secrets --stack dev |" in line
    assert "-H @-" in line
    assert "sk-" not in line
    assert "Authorization" not in line.rpartition("|")[2]


def test_the_answer_s_text_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = serve(monkeypatch, httpx.Response(200, json=ANSWER))
    assert ask("http://gateway", "sk-1", "small", {}) == "pong"
    (request,) = requests
    assert request.url == "http://gateway/v1/chat/completions"
    assert request.headers["Authorization"] == "Bearer sk-1"
    assert json.loads(request.content)["model"] == "small"


def test_a_host_is_named_where_the_edge_wants_one(monkeypatch: pytest.MonkeyPatch) -> None:
    requests, host = serve(monkeypatch, httpx.Response(200, json=ANSWER)), {"Host": "llm.example.com"}
    ask("http://127.0.0.1:4000", "sk-1", "small", host)
    assert requests[0].headers["Host"] == "llm.example.com"
    words = shlex.split(curl("http://127.0.0.1:4000", "dev", "small", host).rpartition("|")[2].replace("\\\n", ""))
    assert "Host: llm.example.com" in words


def test_a_gateway_that_is_not_yet_ready_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = serve(monkeypatch, httpx.ConnectError("refused"), httpx.Response(503), httpx.Response(200, json=ANSWER))
    assert ask("http://gateway", "sk-1", "small", {}) == "pong"
    assert len(requests) == 3


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = serve(monkeypatch, httpx.Response(401))
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        ask("http://gateway", "sk-1", "small", {})
    assert PATIENCE <= 10 * len(requests) <= PATIENCE + 10
