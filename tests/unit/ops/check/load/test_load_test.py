"""Load goes to the stack's own gateway only, and its result is printed."""

import json
from typing import Any

import pytest
from rich.console import Console
from typer import Abort

from ops.check.load import load_test
from ops.check.load.latency import LoadResult, RequestTiming, histogram
from ops.check.load.load_generator import LoadSpec
from ops.check.load.load_test import bar_lines, chat_model, print_result
from ops.errors import OperationError
from ops.stack.gateway import Gateway
from tests.unit.ops.gateways import gateway_of

GOOD = LoadResult((RequestTiming(0.2, 0.1), RequestTiming(0.4, 0.2)), seconds=0.5)
BAD = LoadResult((RequestTiming(0.2), RequestTiming(0.1, failure="HTTP [429]")), seconds=0.5)
OPTIONS: dict[str, Any] = {
    "model": None,
    "requests": 2,
    "concurrency": 2,
    "stream": False,
    "timeout": 5.0,
    "as_json": True,
    "yes": False,
}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[LoadSpec]:
    """What is sent to dev's gateway, whose containers run."""
    specs: list[LoadSpec] = []

    def measure(_: Gateway, spec: LoadSpec) -> LoadResult:
        specs.append(spec)
        return GOOD

    monkeypatch.setattr(load_test, "find_gateway", gateway_of)
    monkeypatch.setattr(load_test, "require_own_port", lambda _: None)
    monkeypatch.setattr(load_test, "measure", measure)
    return specs


def test_the_port_is_checked_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch, sent: list[LoadSpec]) -> None:
    def refuse(_: Gateway) -> None:
        raise OperationError("not its port")

    monkeypatch.setattr(load_test, "require_own_port", refuse)
    with pytest.raises(OperationError, match="not its port"):
        load_test.load_test("dev", **OPTIONS)
    assert sent == []


def test_the_model_is_the_wanted_one_else_a_chat_model_with_its_key() -> None:
    dev, prod = gateway_of("dev"), gateway_of("prod")
    assert dev.settings.catalogue[chat_model(dev, None)].mode == "chat"
    assert chat_model(prod, None) not in prod.settings.missing_keys
    assert chat_model(dev, "stored-in-the-database") == "stored-in-the-database"
    with pytest.raises(OperationError, match=r"^--model voyage-3: is for embedding; the load test needs a chat model$"):
        chat_model(dev, "voyage-3")


def test_requests_that_may_cost_money_want_a_yes(monkeypatch: pytest.MonkeyPatch, sent: list[LoadSpec]) -> None:
    questions: list[str] = []

    def confirm(question: str, **_: Any) -> None:
        questions.append(question)
        raise Abort

    monkeypatch.setattr("typer.confirm", confirm)
    load_test.load_test("dev", **OPTIONS)
    assert questions == []
    with pytest.raises(Abort):
        load_test.load_test("prod", **OPTIONS)
    assert len(sent) == 1
    assert questions == [f"Send 2 requests to {chat_model(gateway_of('prod'), None)}, which may cost money?"]
    load_test.load_test("prod", **OPTIONS | {"yes": True})
    assert len(sent) == 2


@pytest.mark.parametrize(("result", "well"), [(GOOD, True), (BAD, False)])
def test_one_failed_request_is_a_failed_test(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sent: list[LoadSpec],
    result: LoadResult,
    *,
    well: bool,
) -> None:
    monkeypatch.setattr(load_test, "measure", lambda *_: result)
    assert load_test.load_test("dev", **OPTIONS) is well
    printed = json.loads(capsys.readouterr().out)
    assert (printed["stack"], printed["failures"]) == ("dev", {} if well else {"HTTP [429]": 1})
    assert sent == []


def test_people_see_percentiles_bars_and_failures() -> None:
    console = Console(width=120, record=True)
    print_result(console, "dev", LoadSpec("small", 2, 2, stream=True, timeout=5), BAD)
    print_result(console, "dev", LoadSpec("small", 2, 2, stream=True, timeout=5), GOOD)
    text = console.export_text()
    assert "1 failed: HTTP [429]" in text
    assert "whole answer" in text
    assert "first chunk" in text
    assert "p99" in text
    assert "█" in text


def test_the_longest_bar_of_text_is_the_fullest() -> None:
    lines = bar_lines(histogram([0.1, 0.1, 0.1, 0.31, 0.5]))
    assert [line.split() for line in (lines[0], lines[10], lines[1])] == [
        ["100", "ms", "█" * load_test.LONGEST_BAR, "3"],
        ["300", "ms", "█" * round(load_test.LONGEST_BAR / 3), "1"],
        ["120", "ms"],
    ]


def test_a_model_is_shown_letter_by_letter(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def send_load(*_: object) -> LoadResult:
        return GOOD

    monkeypatch.setattr(load_test, "send_load", send_load)
    spec = LoadSpec("[small] [/v1] :bug:", 2, 2, stream=False, timeout=5)
    console = Console(width=120, record=True)
    print_result(console, "dev", spec, load_test.measure(gateway_of("dev"), spec))
    assert spec.model in console.export_text()
    assert spec.model in capsys.readouterr().err
