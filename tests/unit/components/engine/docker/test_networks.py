"""The private networks of a stack."""

from unittest.mock import Mock

import docker
import pulumi
import pytest

from components.engine.docker import networks
from components.engine.docker.networks import Networks
from components.engine.labels import Labels
from components.engine.workload import Network
from tests.unit.program import NETWORK, record

LABELS = Labels("gateway", "test")
IDENTITY = "0123456789abcdef"
LABELLED = [{"label": "gateway.identity", "value": IDENTITY}, {"label": "gateway.stack", "value": "test"}]


def test_only_the_front_network_leads_out_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    program = record(monkeypatch, "test", lambda: Networks("networks", LABELS, IDENTITY))
    internal = {args.name: args.inputs["internal"] for args in program.resources if args.typ == NETWORK}
    assert internal == {"data-network": True, "front-network": False}


def test_network_has_its_stack_s_label(monkeypatch: pytest.MonkeyPatch) -> None:
    program = record(monkeypatch, "test", lambda: Networks("networks", LABELS, IDENTITY))
    for network in Network:
        made = program.named(f"{network.value}-network", NETWORK)
        assert made["labels"] == LABELLED
        assert made["driver"] == "bridge"
        assert list(program.options(f"{network.value}-network", NETWORK).ignoreChanges) == ["labels"]


@pytest.fixture
def get(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """How the engine is asked for a network."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/other.sock")
    asked = Mock()
    monkeypatch.setattr(networks, "connect", lambda: Mock(networks=Mock(get=asked)))
    return asked


def test_network_of_the_engine_has_its_name(get: Mock) -> None:
    assert networks.require_network("0a1b", "front-network-7c", "dev") == "front-network-7c"
    get.assert_called_once_with("0a1b")


def test_network_that_the_engine_lacks_is_refused_with_the_ways_on(get: Mock) -> None:
    get.side_effect = docker.errors.NotFound("gone")
    with pytest.raises(pulumi.RunError) as refused:
        networks.require_network("0a1b", "front-network-7c", "dev")
    assert str(refused.value) == (
        "the stack's network front-network-7c is not on the engine at unix:///run/other.sock (DOCKER_HOST): choose the"
        " one that has it (`docker context use`), or if it was removed, `python -m ops recover dev`"
    )


def test_nothing_of_a_stack_is_known_without_its_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    def body() -> None:
        def refuse(*_: str) -> str:
            raise pulumi.RunError("not here")

        monkeypatch.setattr(networks, "require_network", refuse)
        Networks("networks", LABELS, IDENTITY)

    with pytest.raises(pulumi.RunError, match="not here"):
        record(monkeypatch, "test", body)
