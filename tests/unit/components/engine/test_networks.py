"""The two private networks."""

import pytest

from components.engine.labels import Labels
from components.engine.networks import Networks
from components.engine.workload import Network
from tests.unit.program import record

KIND = "docker:index/network:Network"


def test_only_the_front_network_has_a_way_out_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    program = record(monkeypatch, "test", lambda: Networks(Labels("gateway", "test")))
    internal = {args.name: args.inputs["internal"] for args in program.resources if args.typ == KIND}
    assert internal == {"data-network": True, "front-network": False}


def test_each_network_is_known_by_its_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    program = record(monkeypatch, "test", lambda: Networks(Labels("gateway", "test")))
    for network in Network:
        made = program.named(f"{network.value}-network", KIND)
        assert made["labels"] == [{"label": "gateway.stack", "value": "test"}]
        assert made["driver"] == "bridge"
