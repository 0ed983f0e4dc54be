"""While one side is measured, the containers of the other are frozen."""

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from benchmarks.comparison.scenarios.prices.copies import Switch
from benchmarks.comparison.sides import freezer
from benchmarks.comparison.sides.gateways import MeasuredGateway
from benchmarks.comparison.sides.usage import of_parts


class FrozenOrNot:
    """A container that refuses what Docker refuses."""

    def __init__(self, workload: str, status: str = "running") -> None:
        self.labels = {"gateway.workload": workload}
        self.status = status
        self.refusals = 0
        """How often freezing fails."""

    def reload(self) -> None:
        pass

    def pause(self) -> None:
        assert self.status == "running"
        self.refusals -= 1
        if self.refusals >= 0:
            raise APIError("unable to freeze")
        self.status = "paused"

    def unpause(self) -> None:
        assert self.status == "paused"
        self.status = "running"


def gateway(*containers: FrozenOrNot) -> MeasuredGateway:
    project: Any = SimpleNamespace(containers=lambda: list(containers), stack="bench-prod")
    return MeasuredGateway(project, "http://proxy", "http://health", "key", health_port=True)


def test_a_gateway_is_frozen_and_resumed_as_a_whole() -> None:
    replica, job = FrozenOrNot("litellm-1"), FrozenOrNot("migration", "exited")
    measured = gateway(replica, job)
    measured.freeze()
    assert (replica.status, job.status) == ("paused", "exited")
    measured.freeze()
    measured.resume()
    assert (replica.status, job.status) == ("running", "exited")
    measured.resume()


def test_a_switch_lets_one_side_run() -> None:
    replica, prometheus, copy = FrozenOrNot("litellm-1"), FrozenOrNot("prometheus"), FrozenOrNot("litellm-copy")
    a: Any = (replica, prometheus)
    b: Any = (copy,)
    switch = Switch(a, b)
    for running, expected in ((a, ["running", "running", "paused"]), (b, ["paused", "paused", "running"])) * 2:
        switch.to(running)
        assert [each.status for each in (replica, prometheus, copy)] == expected
    switch.to((*a, *b))
    assert {each.status for each in (replica, prometheus, copy)} == {"running"}


def test_a_container_that_does_not_freeze_at_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezer, "PAUSE_SECONDS", 0)
    stubborn: Any = FrozenOrNot("litellm-1")
    stubborn.refusals = freezer.ATTEMPTS - 1
    freezer.freeze(stubborn)
    assert stubborn.status == "paused"


def test_a_container_that_never_freezes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezer, "PAUSE_SECONDS", 0)
    stubborn: Any = FrozenOrNot("litellm-1")
    stubborn.refusals = freezer.ATTEMPTS
    with pytest.raises(APIError, match="unable to freeze"):
        freezer.freeze(stubborn)


def test_parts_are_found_among_containers() -> None:
    containers: Any = [FrozenOrNot(name) for name in ("edge", "ingress", "redis-exporter", "litellm-1", "provider")]
    assert of_parts(containers, ("edge", "monitoring")) == containers[:3]
