"""An answer is good only when it is complete."""

import base64
import json

import pytest

from benchmarks.attack import Answer, Attack, Target

END = b"data: {}\n\ndata: [DONE]\n\n"


def line(
    code: int = 200, body: bytes = b"{}", error: str = "", latency: float = 1, *, content_type: str = "application/json"
) -> str:
    headers = {"Content-Type": [content_type]} | ({"Retry-After": ["5"]} if code == 429 else {})
    return json.dumps({
        "timestamp": "2030-01-01T00:00:00Z", "code": code, "latency": latency * 1e9, "error": error,
        "body": base64.b64encode(body).decode(), "headers": headers if code else None,
    })  # fmt: skip


def stream(body: bytes) -> str:
    return line(body=body, content_type="text/event-stream; charset=utf-8")


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (line(), None),
        (stream(END), None),
        (stream(b": keep-alive\n\n" + END), None),
        (stream(b"data: {}\n\n"), "stream cut"),
        (stream(b""), "stream cut"),
        (line(error="unexpected EOF"), "stream cut"),
        (line(503), "503: {}"),
        (line(500, b"the\n  cause", "500 Internal Server Error"), "500 Internal Server Error: the cause"),
        (line(0, b"", "connection refused"), "connection refused"),
    ],
)
def test_an_answer_is_good_when_it_is_complete(text: str, failure: str | None) -> None:
    assert Answer.read(text).failure == failure


def test_a_refusal_with_a_retry_time_is_recognized() -> None:
    assert Answer.read(line(429)).retry_after
    assert not Answer.read(line(503)).retry_after


def test_requests_in_flight_at_a_moment_are_counted() -> None:
    answer = Answer.read(line(latency=2))
    attack = Attack([answer])
    assert [attack.in_flight(answer.sent + at) for at in (-1, 0, 1, 2, 3)] == [0, 1, 1, 1, 0]
    assert [attack.in_flight(answer.sent + at, late=0.5) for at in (-0.4, 2.4, 2.6)] == [0, 1, 0]


def test_a_target_holds_its_key_and_its_body() -> None:
    target = json.loads(Target("http://127.0.0.1:1/v1", "sk-secret", "model", stream=True).line())
    assert target["header"]["Authorization"] == ["Bearer sk-secret"]
    assert json.loads(base64.b64decode(target["body"]))["stream"] is True


def test_litellm_s_own_time_is_read_from_its_header() -> None:
    told = json.loads(line()) | {"headers": {"X-Litellm-Overhead-Duration-Ms": ["12.5"]}}
    assert Answer.read(json.dumps(told)).overhead == pytest.approx(0.0125)
    unknown = told | {"headers": {"X-Litellm-Overhead-Duration-Ms": ["None"]}}
    assert Answer.read(json.dumps(unknown)).overhead is None
    assert Answer.read(line()).overhead is None


def test_chunks_of_a_stream_are_counted() -> None:
    chunk = b'data: {"choices": []}\n\n'
    assert Answer.read(stream(chunk * 3 + b"data: [DONE]\n\n")).chunks == 3
    assert Answer.read(line(body=b'{"data: {": 1}')).chunks == 0
