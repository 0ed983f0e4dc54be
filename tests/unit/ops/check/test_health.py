"""Every part of a stack is checked, and one that is not healthy makes the stack unhealthy."""

import json
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rich.console import Console

from components.stack.parts import service_containers
from ops.check import health
from ops.check.health import all_healthy, check_health, health_json, health_table, show_health, to_ask
from ops.check.probe import HealthState, PartHealth
from ops.stack.gateway import Gateway
from tests.unit.ops.gateways import behind_ingress, by_acme, gateway_of, over_tls, serving_only, stack_settings
from tests.unit.program import CONTAINER, STACKS, stack_config
from tests.unit.program import run as run_program

ORIGINAL = httpx.Client
GOOD = PartHealth("postgres", "gateway-dev-postgres", HealthState.HEALTHY, 41.0)
BAD = PartHealth("redis", "gateway-dev-redis", HealthState.UNHEALTHY, None, "exited, exit code [1]")
GONE = PartHealth("edge", "the engine", HealthState.MISSING)


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
    assert sorted(service_containers(stack_settings(stack))) == sorted(checked)


def test_the_addresses_are_asked_as_a_client_asks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[dict[str, Any]] = []

    def client(**options: Any) -> httpx.Client:
        opened.append(options)
        return ORIGINAL(transport=httpx.MockTransport(lambda request: httpx.Response(503, text=str(request.url))))

    monkeypatch.setattr("httpx.Client", client)
    monkeypatch.setattr(health, "stack_containers", lambda _: [])
    found = check_health(serving_only(gateway_of("dev"), "llm.example.com"))
    assert [(part.part, part.asked, part.detail) for part in found[-3:]] == [
        (part, url, f"503: {url}")
        for part, url in (
            ("proxy 4000", "http://127.0.0.1:4000/health/readiness"),
            ("health 4001", "http://127.0.0.1:4001/health/liveliness"),
            ("health 4001", "http://127.0.0.1:4001/health/readiness"),
        )
    ]
    assert {part.state for part in found[:-3]} == {HealthState.MISSING}
    # No proxy of the environment, any certificate, and a host name only where the edge wants one.
    plain = {"timeout": health.ADDRESS_TIMEOUT_SECONDS, "trust_env": False, "verify": False}
    assert opened == [{"headers": {"Host": "llm.example.com"}, **plain}]


def test_the_address_over_tls_is_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []

    def probe_tls(_: httpx.Client, part: str, url: str, server_name: str) -> PartHealth:
        asked.append((part, url, server_name))
        return GOOD

    monkeypatch.setattr(health, "probe_tls", probe_tls)
    monkeypatch.setattr(health, "probe_url", lambda *_: GOOD)
    monkeypatch.setattr(health, "stack_containers", lambda _: [])
    secure = over_tls(serving_only(gateway_of("dev"), "llm.example.com"), 8443)
    check_health(secure)
    check_health(by_acme(secure, "acme.example.com"))
    url = "https://127.0.0.1:8443/health/readiness"
    assert asked == [("https 8443", url, "llm.example.com"), ("https 8443", url, "acme.example.com")]


@pytest.mark.parametrize(("tls", "scheme"), [(True, "https"), (False, "http")])
def test_gateway_behind_an_ingress_is_asked_there_alone(
    monkeypatch: pytest.MonkeyPatch, *, tls: bool, scheme: str
) -> None:
    found = behind_ingress(over_tls(gateway_of("dev"), 8443), "llm.example.com", tls=tls)
    url = f"{scheme}://llm.example.com"
    assert health.addresses(found) == [
        ("proxy", f"{url}/health/readiness"),
        ("health", f"{url}/health/liveliness"),
    ]
    monkeypatch.setattr(health, "stack_engine", lambda _: pytest.fail("no port is asked"))
    secure = ("https", httpx.URL(f"{url}/health/readiness"), "llm.example.com")
    assert health.tls_address(found) == (secure if tls else None)


def test_an_ended_container_is_asked_only_if_none_serves() -> None:
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
    ("found_parts", "well"), [([GOOD], True), ([GOOD, BAD], False), ([GOOD, GONE], False), ([GOOD, GOOD], True)]
)
def test_one_part_that_is_not_healthy_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found_parts: list[PartHealth], *, well: bool
) -> None:
    monkeypatch.setattr(health, "find_own", lambda name: (gateway_of(name), frozenset()))
    monkeypatch.setattr(health, "check_health", lambda *_: found_parts)
    assert all_healthy(found_parts) is well
    assert show_health("dev", watch=False, interval=1, as_json=True) is well
    printed = json.loads(capsys.readouterr().out)
    assert (printed["stack"], printed["healthy"]) == ("dev", well)
    assert [part["part"] for part in printed["parts"]] == [part.part for part in found_parts]


@pytest.mark.parametrize("as_json", [True, False])
def test_watching_ends_with_the_last_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    seen = iter([[GOOD], [GOOD], [GOOD, BAD]])

    def check_health(_: Gateway, __: frozenset[str]) -> list[PartHealth]:
        found = next(seen, None)
        if found is None:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(health, "find_own", lambda name: (gateway_of(name), frozenset()))
    monkeypatch.setattr(health, "check_health", check_health)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert not show_health("dev", watch=True, interval=1, as_json=as_json)
    if as_json:
        assert [json.loads(line)["healthy"] for line in capsys.readouterr().out.splitlines()] == [True, True, False]


def test_the_table_shows_details_literally() -> None:
    console = Console(width=120, record=True)
    console.print(health_table("dev", [GOOD, BAD]))
    text = console.export_text()
    assert "exited, exit code [1]" in text
    assert "41.0" in text
    assert "unhealthy" in text


def test_neither_form_shows_the_master_key() -> None:
    assert "not-to-be-seen" not in repr(gateway_of("dev")) + health_json("dev", [GOOD])
