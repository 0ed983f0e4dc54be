"""The order of bootstrap's work, where it depends on what an engine that was just started knows."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bootstrap import __main__ as bootstrap
from bootstrap.execution.lanes import Execution
from bootstrap.execution.step import Step
from bootstrap.machine import EngineState
from tests.unit.bootstrap.machines import COMPLETE, RECIPES

STOPPED = replace(COMPLETE, engine=EngineState.STOPPED, images=frozenset())


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def run(_: Execution, steps: Sequence[Step]) -> bool:
        names.extend(step.name for step in steps)
        return True

    machines = iter([STOPPED, COMPLETE])
    monkeypatch.setattr(bootstrap, "observe", lambda **_: next(machines))
    monkeypatch.setattr(bootstrap, "recipe_references", lambda: RECIPES)
    monkeypatch.setattr(Execution, "run", run)
    return names


def test_stopped_engine_starts_before_images_are_planned(done: list[str]) -> None:
    bootstrap.main()
    assert done == ["engine-start"]


def test_plan_only_runs_nothing(done: list[str]) -> None:
    bootstrap.main(plan_only=True)
    assert done == []
