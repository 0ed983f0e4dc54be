"""The scenarios as data: names, goals, and what the README shows."""

from collections import Counter
from itertools import groupby
from typing import Any

import pytest

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.deployments.day import DAY
from benchmarks.comparison.scenarios.deployments.no_change import NO_CHANGE
from benchmarks.comparison.scenarios.deployments.replicas import FIRST_UPDATES
from benchmarks.comparison.scenarios.deployments.updates import UPDATES
from benchmarks.comparison.scenarios.promises.settings import SETTINGS
from benchmarks.comparison.scenarios.registry import QUICK, SCENARIOS

METRICS = [metric for scenario in SCENARIOS for metric in scenario.metrics]
FOR_AN_INTERVAL = 5


def test_names_of_scenarios_and_rows_are_unique() -> None:
    assert {name: count for name, count in Counter(each.name for each in SCENARIOS).items() if count > 1} == {}
    assert {name: count for name, count in Counter(each.name for each in METRICS).items() if count > 1} == {}


def test_keys_of_a_scenario_are_unique() -> None:
    for scenario in SCENARIOS:
        assert len({metric.key for metric in scenario.metrics}) == len(scenario.metrics), scenario.name


def test_a_full_run_has_at_least_five_rounds() -> None:
    assert [each.name for each in SCENARIOS if each.count(Effort.FULL) - each.skipped_rounds < FOR_AN_INTERVAL] == []


@pytest.mark.parametrize("scenarios", [SCENARIOS, QUICK], ids=["all", "quick"])
def test_each_group_is_started_once(scenarios: tuple[Scenario[Any], ...]) -> None:
    groups = [group.name for group, _ in groupby(scenarios, lambda scenario: scenario.group)]
    assert len(groups) == len(set(groups))


def test_a_quick_run_starts_every_group_but_those_that_take_minutes() -> None:
    left_out = {each.group for each in SCENARIOS} - {each.group for each in QUICK}
    assert left_out == {UPDATES.group, DAY.group, SETTINGS[0].group, NO_CHANGE.group, FIRST_UPDATES[0].group}


def test_what_a_slope_is_taken_over_is_named() -> None:
    assert [each.name for each in METRICS if each.goal and each.goal.holds_zero and not each.over] == []


def test_goals_are_the_promises() -> None:
    goals = {metric.name: metric.goal.text for metric in METRICS if metric.goal}
    assert goals["p99 at 50 concurrent, ms"] == "a / b ≤ 0.5"
    assert goals["processor seconds per 1,000 requests"] == "a / b ≤ 0.4"
    assert goals["processor seconds per 100,000 chunks"] == "a / b ≤ 0.4"
    assert goals["most answers in flight, provider 1 s"] == "a / b ≥ 5"
    assert goals["most streams of 30 s in flight"] == "a / b ≥ 5"
    assert goals["Postgres transactions a minute at 5 requests/s"] == "a / b ≤ 0.2"
    assert goals["health p99 while saturated, ms"] == "a < 5"
    growth = goals["growth of LiteLLM's memory, MiB per 1,000 requests"]
    assert growth == "0 in the interval of the slope of a, which is ≤ 1"
    assert goals["from nothing to the first answer, s"] == "a / b ≤ 1.15"
    assert goals["run without a change, s"] == "a ≤ 5"
    assert goals["the gateway: requests/s, against LiteLLM alone"] == "a / b ≥ 0.97"
    assert goals["preview, s: 1,800 models against 18"] == "a / b ≤ 1.5"


def test_every_part_s_processor_time_is_a_row() -> None:
    names = [metric.name for metric in METRICS if metric.name.startswith("processor seconds per 1,000 requests: ")]
    assert [name.split(": ")[1] for name in names] == ["LiteLLM", "Postgres", "Redis", "edge and ingress", "monitoring"]
