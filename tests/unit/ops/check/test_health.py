"""The table holds every part of a stack, and one that is not healthy ends the verb with status 1."""

import json
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rich.console import Console
from typer import Exit

from ops.check import health
from ops.check.health import document, healthy, look, parts, run, table, to_ask
from ops.check.probe import Finding, State
from ops.stack.gateway import Gateway
from tests.unit.ops.gateways import gateway_of, over_tls, serving_only, stack_settings
from tests.unit.program import CONTAINER, STACKS, stack_config
from tests.unit.program import run as run_program

ORIGINAL = httpx.Client
GOOD = Finding("postgres", "gateway-dev-postgres", State.HEALTHY, 41.0)
BAD = Finding("redis", "gateway-dev-redis", State.UNHEALTHY, None, "exited, exit code [1]")
GONE = Finding("edge", "the engine", State.MISSING)


def container(part: str, status: str = "running") -> Any:
    return SimpleNamespace(name=f"gateway-dev-{part}", status=status, labels={"gateway.workload": part})


@pytest.mark.parametrize("stack", STACKS)
def test_every_container_with_a_health_check_is_a_part(monkeypatch: pytest.MonkeyPatch, stack: str) -> None:
    program = run_program(monkeypatch, stack, stack_config(stack))
    checked = {
        resource.name
        for resource in program.resources
        if resource.typ == CONTAINER and resource.inputs.get("healthcheck")
    }
    assert sorted(parts(stack_settings(stack))) == sorted(checked)


def test_the_addresses_are_asked_as_a_client_asks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[dict[str, Any]] = []

    def client(**options: Any) -> httpx.Client:
        opened.append(options)
        return ORIGINAL(transport=httpx.MockTransport(lambda request: httpx.Response(503, text=str(request.url))))

    monkeypatch.setattr(health.httpx, "Client", client)
    monkeypatch.setattr(health, "containers", lambda _: [])
    found = look(serving_only(gateway_of("dev"), "llm.example.com"))
    assert [(finding.part, finding.asked, finding.detail) for finding in found[-3:]] == [
        (part, url, f"503: {url}")
        for part, url in (
            ("proxy 4000", "http://127.0.0.1:4000/health/readiness"),
            ("health 4001", "http://127.0.0.1:4001/health/liveliness"),
            ("health 4001", "http://127.0.0.1:4001/health/readiness"),
        )
    ]
    assert {finding.state for finding in found[:-3]} == {State.MISSING}
    # No proxy of the environment, and a host name only where the edge wants one.
    assert opened == [{"headers": {"Host": "llm.example.com"}, "timeout": health.PATIENCE, "trust_env": False}]


def test_the_address_over_tls_is_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []

    def ask_tls(_: httpx.Client, part: str, url: str, server_name: str) -> Finding:
        asked.append((part, url, server_name))
        return GOOD

    monkeypatch.setattr(health, "ask_tls", ask_tls)
    monkeypatch.setattr(health, "ask_url", lambda *_: GOOD)
    monkeypatch.setattr(health, "containers", lambda _: [])
    secure = over_tls(serving_only(gateway_of("dev"), "llm.example.com"), 8443)
    look(secure)
    assert asked == [("https 8443", "https://127.0.0.1:8443/health/readiness", "llm.example.com")]


def test_each_serving_container_of_a_part_is_asked_and_one_that_ended_only_where_none_serves() -> None:
    present = [
        container("litellm-1"),
        container("litellm-1"),
        container("litellm-1", "exited"),
        container("redis", "exited"),
        container("edge-config", "created"),
    ]
    asked = to_ask(stack_settings("dev"), present)
    found = [(part, found.status if found else None) for part, found in asked]
    assert sorted(found, key=str) == sorted(
        [
            ("postgres", None),
            ("redis", "exited"),
            ("edge", None),
            ("ingress", None),
            ("litellm-1", "running"),
            ("litellm-1", "running"),
            ("provider", None),
            ("backup", None),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("findings", "well"), [([GOOD], True), ([GOOD, BAD], False), ([GOOD, GONE], False), ([GOOD, GOOD], True)]
)
def test_one_part_that_is_not_healthy_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], findings: list[Finding], *, well: bool
) -> None:
    monkeypatch.setattr(health, "find", gateway_of)
    monkeypatch.setattr(health, "look", lambda _: findings)
    assert healthy(findings) is well
    if well:
        run("dev", watch=False, interval=1, as_json=True)
    else:
        with pytest.raises(Exit) as ended:
            run("dev", watch=False, interval=1, as_json=True)
        assert ended.value.exit_code == 1
    printed = json.loads(capsys.readouterr().out)
    assert (printed["stack"], printed["healthy"]) == ("dev", well)
    assert [part["part"] for part in printed["parts"]] == [finding.part for finding in findings]


@pytest.mark.parametrize("as_json", [True, False])
def test_watching_looks_again_until_interrupted_and_ends_as_the_last_look(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    seen = iter([[GOOD], [GOOD], [GOOD, BAD]])

    def look(_: Gateway) -> list[Finding]:
        found = next(seen, None)
        if found is None:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(health, "find", gateway_of)
    monkeypatch.setattr(health, "look", look)
    monkeypatch.setattr(health.time, "sleep", lambda _: None)
    with pytest.raises(Exit) as ended:
        run("dev", watch=True, interval=1, as_json=as_json)
    assert ended.value.exit_code == 1
    if as_json:
        assert [json.loads(line)["healthy"] for line in capsys.readouterr().out.splitlines()] == [True, True, False]


def test_the_table_shows_what_a_check_said_letter_by_letter() -> None:
    console = Console(width=120, record=True)
    console.print(table("dev", [GOOD, BAD]))
    text = console.export_text()
    assert "exited, exit code [1]" in text
    assert "41.0" in text
    assert "unhealthy" in text


def test_neither_form_shows_the_master_key() -> None:
    assert "not-to-be-seen" not in repr(gateway_of("dev")) + document("dev", [GOOD])
