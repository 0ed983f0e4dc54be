"""How long an update waited for containers."""

from types import SimpleNamespace

import pytest
from pulumi.automation import EngineEvent
from pulumi.automation.events import ResourcePreEvent, ResOutputsEvent, StepEventMetadata

from ops.stack.state import CONTAINER
from ops.update.stopwatch import Stopwatch, union_length

Interval = tuple[float, float]


@pytest.mark.parametrize(
    ("intervals", "length"),
    [
        ([], 0.0),
        ([(1.0, 4.0)], 3.0),
        ([(1.0, 2.0), (5.0, 7.0)], 3.0),
        ([(1.0, 4.0), (2.0, 3.0)], 3.0),
        ([(1.0, 4.0), (3.0, 6.0)], 5.0),
        ([(3.0, 6.0), (1.0, 4.0)], 5.0),
        ([(1.0, 2.0), (2.0, 3.0)], 2.0),
        ([(1.0, 4.0), (1.0, 4.0)], 3.0),
        ([(-3.0, -1.0)], 2.0),
        ([(2.0, 2.0)], 0.0),
    ],
)
def test_time_is_counted_once_however_many_share_it(intervals: list[Interval], length: float) -> None:
    assert union_length(intervals) == pytest.approx(length)


def step(urn: str, kind: str) -> StepEventMetadata:
    return StepEventMetadata.from_json({"urn": urn, "type": kind, "op": "create", "provider": ""})


def event(*, begun: StepEventMetadata | None = None, ended: StepEventMetadata | None = None) -> EngineEvent:
    return EngineEvent(
        sequence=0,
        timestamp=0,
        resource_pre_event=ResourcePreEvent(begun) if begun else None,
        res_outputs_event=ResOutputsEvent(ended) if ended else None,
    )


def test_only_the_making_of_containers_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 12.0, 15.0, 18.0])
    monkeypatch.setattr("ops.update.stopwatch.time", SimpleNamespace(monotonic=clock.__next__))
    watch = Stopwatch(started=0.0)
    web, job, network = step("web", CONTAINER), step("job", CONTAINER), step("net", "docker:index/network:Network")
    watch.watch(event(begun=network))
    watch.watch(event(begun=web))
    watch.watch(event(begun=job))
    watch.watch(event(ended=network))
    watch.watch(event(ended=web))
    watch.watch(event(ended=job))
    assert watch.containers == pytest.approx(8.0)
