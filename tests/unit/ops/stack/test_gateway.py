"""A gateway is known by its stack's outputs; its key goes to its own port only."""

from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.automation import OutputValue

from ops.errors import OperationError
from ops.stack import gateway
from ops.stack.engines import docker
from ops.stack.gateway import Gateway
from tests.unit.ops.gateways import KEY, behind_ingress, gateway_of, serving_only, stack_settings


def edge(port: int, status: str = "running") -> Any:
    bindings = {"4000/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}], "4001/tcp": None}
    return SimpleNamespace(status=status, attrs={"NetworkSettings": {"Ports": bindings}})


def test_the_host_header_is_sent_only_where_the_edge_wants_one() -> None:
    dev = gateway_of("dev")
    assert dev.headers == {"Authorization": f"Bearer {KEY}"}
    named = serving_only(dev, "llm.example.com")
    assert named.headers == {"Authorization": f"Bearer {KEY}", "Host": "llm.example.com"}
    assert named.host_header == {"Host": "llm.example.com"}


def test_an_ingress_is_asked_by_its_own_name() -> None:
    named = serving_only(gateway_of("dev"), "llm.internal", "llm.example.com")
    assert named.host_header == {"Host": "llm.internal"}
    assert behind_ingress(named, "llm.example.com", tls=True).host_header == {"Host": "llm.example.com"}


def test_the_master_key_is_in_no_printed_form() -> None:
    assert KEY not in repr(gateway_of("dev"))


def test_a_gateway_is_read_from_the_outputs() -> None:
    texts = {"proxy_url": "http://edge:1", "health_url": "http://edge:2", "master_key": KEY}
    outputs = {name: OutputValue(text, secret=name == "master_key") for name, text in texts.items()}
    found = Gateway.from_outputs("dev", outputs, stack_settings("dev"))
    assert (found.proxy_url, found.health_url, found.master_key) == tuple(texts.values())


def test_a_stack_without_outputs_is_not_up() -> None:
    with pytest.raises(OperationError, match=r"^dev is not up: run `python -m ops up dev`$"):
        Gateway.from_outputs("dev", {}, stack_settings("dev"))


def test_the_chat_model_is_one_that_has_its_key() -> None:
    prod = gateway_of("prod")
    assert prod.chat_model not in prod.settings.missing_keys
    assert gateway_of("dev").settings.catalogue[str(gateway_of("dev").chat_model)].mode == "chat"


@pytest.mark.parametrize("containers", [[], [edge(4100)], [edge(4000, "exited")]])
def test_a_port_of_another_stack_is_refused(monkeypatch: pytest.MonkeyPatch, containers: list[Any]) -> None:
    monkeypatch.setattr(docker, "stack_containers", {"dev": containers}.__getitem__)
    with pytest.raises(OperationError, match=r"^no container of dev listens on http://127\.0\.0\.1:4000, so nothing"):
        gateway.require_own_port(gateway_of("dev"))


def test_a_port_of_the_stack_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "stack_containers", lambda _: [edge(4000)])
    gateway.require_own_port(gateway_of("dev"))
