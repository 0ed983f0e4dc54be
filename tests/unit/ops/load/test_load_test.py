"""Load goes to the stack's own gateway only, and what came of it is shown and drawn."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer import Abort, Exit

from ops.errors import OperationError
from ops.load import load_test as load
from ops.load.latency import Sample, Summary, histogram
from ops.load.load_generator import Burst
from ops.load.load_test import bar_lines, chat_model, show
from ops.stack import gateway
from ops.stack.gateway import Gateway
from tests.unit.ops.gateways import gateway_of, stack_settings

GOOD = Summary((Sample(0.2, 0.1), Sample(0.4, 0.2)), seconds=0.5)
BAD = Summary((Sample(0.2), Sample(0.1, failure="HTTP [429]")), seconds=0.5)
OPTIONS: dict[str, Any] = {
    "model": None,
    "requests": 2,
    "concurrency": 2,
    "stream": False,
    "timeout": 5.0,
    "picture": None,
    "as_json": True,
    "yes": False,
}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Burst]:
    """What is sent to dev's gateway, whose containers run."""
    bursts: list[Burst] = []

    def measured(_: Gateway, burst: Burst) -> Summary:
        bursts.append(burst)
        return GOOD

    monkeypatch.setattr(load, "find", gateway_of)
    monkeypatch.setattr(load, "require_own_port", lambda _: None)
    monkeypatch.setattr(load, "measured", measured)
    return bursts


def edge(port: int, status: str = "running") -> Any:
    bindings = {"4000/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}], "4001/tcp": None}
    return SimpleNamespace(status=status, attrs={"NetworkSettings": {"Ports": bindings}})


@pytest.mark.parametrize("edges", [[], [edge(4100)], [edge(4000, "exited")]])
def test_an_address_that_the_stack_itself_does_not_hold_is_sent_nothing(
    monkeypatch: pytest.MonkeyPatch, edges: list[Any], sent: list[Burst]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(gateway, "containers", lambda stack: asked.append(stack) or edges)
    monkeypatch.setattr(load, "require_own_port", gateway.require_own_port)
    with pytest.raises(
        OperationError, match=r"^http://127\.0\.0\.1:4000 is not held by a container of dev: nothing is sent"
    ):
        load.run("dev", **OPTIONS)
    assert (sent, asked) == ([], ["dev"])


def test_the_address_that_the_stack_itself_holds_is_asked(monkeypatch: pytest.MonkeyPatch, sent: list[Burst]) -> None:
    monkeypatch.setattr(gateway, "containers", lambda *_: [edge(4000)])
    monkeypatch.setattr(load, "require_own_port", gateway.require_own_port)
    load.run("dev", **OPTIONS)
    assert [(burst.requests, burst.concurrency) for burst in sent] == [(2, 2)]


def test_the_model_is_the_wanted_one_else_a_chat_model_with_its_key() -> None:
    dev, prod = stack_settings("dev"), stack_settings("prod")
    assert dev.catalogue[chat_model(dev, None)].mode == "chat"
    assert chat_model(prod, None) not in prod.missing_keys
    assert chat_model(dev, "stored-in-the-database") == "stored-in-the-database"
    with pytest.raises(OperationError, match=r"^--model voyage-3: is for embedding"):
        chat_model(dev, "voyage-3")


def test_a_picture_without_a_folder_is_refused_before_anything_is_sent(sent: list[Burst]) -> None:
    with pytest.raises(OperationError, match="there is no folder /nowhere"):
        load.run("dev", **OPTIONS | {"picture": Path("/nowhere/load.svg")})
    assert sent == []


def test_requests_that_may_cost_money_want_a_yes(monkeypatch: pytest.MonkeyPatch, sent: list[Burst]) -> None:
    questions: list[str] = []

    def confirm(question: str, **_: Any) -> None:
        questions.append(question)
        raise Abort

    monkeypatch.setattr(load.typer, "confirm", confirm)
    load.run("dev", **OPTIONS)
    assert questions == []
    with pytest.raises(Abort):
        load.run("prod", **OPTIONS)
    assert len(sent) == 1
    assert questions == [f"Send 2 requests to {chat_model(stack_settings('prod'), None)}, which may cost money?"]
    load.run("prod", **OPTIONS | {"yes": True})
    assert len(sent) == 2


def test_one_failed_request_ends_the_verb_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sent: list[Burst]
) -> None:
    load.run("dev", **OPTIONS)
    assert json.loads(capsys.readouterr().out)["failed"] == 0
    monkeypatch.setattr(load, "measured", lambda *_: BAD)
    with pytest.raises(Exit) as ended:
        load.run("dev", **OPTIONS)
    assert ended.value.exit_code == 1
    printed = json.loads(capsys.readouterr().out)
    assert (printed["stack"], printed["failures"]) == ("dev", {"HTTP [429]": 1})


def test_the_picture_is_written(tmp_path: Path, sent: list[Burst]) -> None:
    picture = tmp_path / "load.svg"
    load.run("dev", **OPTIONS | {"picture": picture})
    assert f"2 completions of {sent[0].model}, 2 at once: 2 answered in 0.5 s" in picture.read_text()


def test_people_see_percentiles_bars_and_failures() -> None:
    console = Console(width=120, record=True)
    show(console, "dev", Burst("small", 2, 2, stream=True, timeout=5), BAD)
    show(console, "dev", Burst("small", 2, 2, stream=True, timeout=5), GOOD)
    text = console.export_text()
    assert "1 failed: HTTP [429]" in text
    assert "whole answer" in text
    assert "first chunk" in text
    assert "p99" in text
    assert "█" in text


def test_the_longest_bar_of_text_is_the_fullest() -> None:
    lines = bar_lines(histogram([0.1, 0.1, 0.1, 0.31, 0.5]))
    assert [line.split() for line in (lines[0], lines[10], lines[1])] == [
        ["100", "ms", "█" * load.LONGEST_BAR, "3"],
        ["300", "ms", "█" * round(load.LONGEST_BAR / 3), "1"],
        ["120", "ms"],
    ]
