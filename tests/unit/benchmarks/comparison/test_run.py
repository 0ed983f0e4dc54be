"""Sides are measured in turn; an interrupted run goes on; a failure stops nothing else."""

import io
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.run import Runner
from benchmarks.comparison.samples import Run
from benchmarks.comparison.scenario import Group, Scenario, Sides

RUN = Run("quick", "abc", "2 × processor")


class Log:
    """What happened, in order, and what is to fail."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.fail_at: str | None = None
        self.error: BaseException = RuntimeError("the cause\nof it")

    def measure(self, event: str) -> Values:
        self.events.append(event)
        if event == self.fail_at:
            raise self.error
        return {"seconds": 1.0 + len(self.events)}


def scenario(log: Log, name: str = "load", group: str = "gateways") -> Scenario[Log]:
    @contextmanager
    def environment(_: Effort) -> Iterator[Log]:
        log.events.append(f"start {group}")
        try:
            yield log
        finally:
            log.events.append(f"remove {group}")

    @contextmanager
    def sides(_log: Log, _effort: Effort) -> Iterator[Sides]:
        def side(letter: str) -> Values:
            return log.measure(f"{name} {letter}")

        yield Sides(lambda _: side("a"), lambda _: side("b"))

    return Scenario(
        name,
        "text",
        "one",
        "other",
        Group(group, environment),
        sides,
        (Metric("seconds", f"{name}, s"),),
        quick_rounds=2,
    )


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(Effort.QUICK, RUN, tmp_path, Console(file=io.StringIO()))


def test_sides_are_measured_in_turn(runner: Runner, log: Log) -> None:
    outcome = runner.measure([scenario(log)])
    assert log.events == ["start gateways", *("load a", "load b") * 2, "remove gateways"]
    assert [row.name for row in outcome.rows["load"]] == ["load, s"]


def test_scenarios_of_a_group_share_what_it_starts(runner: Runner, log: Log) -> None:
    one = scenario(log)
    runner.measure([one, replace(scenario(log, "health"), group=one.group)])
    assert log.events.count("start gateways") == 1


def test_an_interrupt_removes_what_was_started_and_keeps_the_rounds(runner: Runner, log: Log) -> None:
    one = scenario(log)
    log.error = KeyboardInterrupt()
    log.fail_at = "load b"
    with pytest.raises(KeyboardInterrupt):
        runner.measure([one])
    assert log.events[-1] == "remove gateways"


def test_a_second_interrupt_does_not_stop_the_removal(runner: Runner, log: Log) -> None:
    before = signal.getsignal(signal.SIGINT)

    @contextmanager
    def environment(_: Effort) -> Iterator[Log]:
        try:
            yield log
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            log.events.append("removed")

    log.fail_at, log.error = "load b", KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        runner.measure([replace(scenario(log), group=Group("gateways", environment))])
    assert log.events[-1] == "removed"
    assert signal.getsignal(signal.SIGINT) is before


def interrupt_after_one_round(runner: Runner, one: Scenario[Log]) -> None:
    calls = iter(range(100))

    @contextmanager
    def interrupted(_log: Log, _effort: Effort) -> Iterator[Sides]:
        def a(_: str) -> Values:
            if next(calls) == 1:
                raise KeyboardInterrupt
            return {"seconds": 1}

        yield Sides(a, lambda _: {"seconds": 2})

    with pytest.raises(KeyboardInterrupt):
        runner.measure([replace(one, open=interrupted)])


def test_an_interrupted_run_goes_on_with_the_next_round(runner: Runner, log: Log) -> None:
    one = scenario(log)
    interrupt_after_one_round(runner, one)
    outcome = runner.measure([one])
    assert log.events.count("load a") == 1
    assert len(outcome.rows["load"]) == 1


def test_a_series_begins_anew(runner: Runner, log: Log) -> None:
    one = replace(scenario(log), series=True)
    interrupt_after_one_round(runner, one)
    runner.measure([one])
    assert log.events.count("load a") == 2


def test_rounds_of_another_commit_are_not_continued(runner: Runner, log: Log, tmp_path: Path) -> None:
    one = scenario(log)
    interrupt_after_one_round(runner, one)
    Runner(Effort.QUICK, replace(RUN, commit="def"), tmp_path, runner.console).measure([one])
    assert log.events.count("load a") == 2


def test_rounds_of_code_that_is_not_committed_are_not_continued(runner: Runner, log: Log, tmp_path: Path) -> None:
    one, dirty = scenario(log), Runner(Effort.QUICK, replace(RUN, commit="abc+"), tmp_path, runner.console)
    interrupt_after_one_round(dirty, one)
    dirty.measure([one])
    assert log.events.count("load a") == 2


def test_a_complete_run_is_measured_anew(runner: Runner, log: Log) -> None:
    runner.measure([scenario(log)])
    runner.measure([scenario(log)])
    assert log.events.count("load a") == 4


def test_a_complete_scenario_waits_for_the_incomplete_ones(runner: Runner, log: Log) -> None:
    done, failing = scenario(log), scenario(log, "health", "others")
    log.fail_at = "health a"
    runner.measure([done, failing])
    log.fail_at = None
    outcome = runner.measure([done, failing])
    assert log.events.count("load a") == 2
    assert list(outcome.rows) == ["load", "health"]


def test_a_failing_scenario_stops_no_other(runner: Runner, log: Log) -> None:
    log.fail_at = "load a"
    one = scenario(log)
    outcome = runner.measure([one, replace(scenario(log, "health"), group=one.group)])
    assert outcome.failures == {"load": "the cause of it"}
    assert list(outcome.rows) == ["health"]


def test_a_group_that_does_not_start_fails_its_scenarios_alone(runner: Runner, log: Log) -> None:
    @contextmanager
    def broken(_: Effort) -> Iterator[Log]:
        raise RuntimeError("no engine")
        yield log

    one = replace(scenario(log), group=Group("gateways", broken))
    outcome = runner.measure([one, scenario(log, "health", "others")])
    assert outcome.failures == {"load": "gateways: no engine"}
    assert list(outcome.rows) == ["health"]


def test_rounds_that_warm_up_are_in_no_figure(tmp_path: Path, log: Log) -> None:
    full = Runner(Effort.FULL, RUN, tmp_path, Console(file=io.StringIO()))
    one = replace(scenario(log), full_rounds=3, skipped_rounds=2)
    (row,) = full.measure([one]).rows["load"]
    # The first event is the start: round 3 measured a after five events, b after six.
    assert (row.a, row.b) == (7, 8)
