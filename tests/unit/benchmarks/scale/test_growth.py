"""The part that is named is the one that is full first, and its setting moves it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from benchmarks.scale.growth import first_full, fullest, stacks_needed, stacks_on_all_nodes, steps, users_until_full
from benchmarks.scale.parts import PARTS, Part
from benchmarks.scale.profile import PROFILES, Profile
from benchmarks.scale.stack import MOST_NODES, Stack
from components.stack.costs import Costs
from components.stack.costs import measured as measured_costs
from tests.unit.benchmarks.scale.paper import COSTS, DEMAND, PROFILE, USERS

PART = {part.name: part for part in PARTS}
STACK = Stack()
POOLED = replace(STACK, pgbouncer=True)
FEW_CONNECTIONS = replace(PROFILE, connections=0.1)
CHEAP_EDGE = replace(COSTS, chunk_ms={**COSTS.chunk_ms, "edge": 0})


def loads(stack: Stack) -> dict[str, float]:
    return {part.name: part.load(stack, DEMAND, COSTS) for part in PARTS}


def test_load_of_each_part_is_what_it_carries_of_what_it_can() -> None:
    assert loads(STACK) == pytest.approx({
        "LiteLLM workers": 6 / (16 * 7 * 0.7),
        "LiteLLM memory": 400 / (16 * 10_000 * 0.5),
        "edge processors": 0.62 / (8 * 0.7),
        "edge connections": 20_000 / (8 * 12_000),
        "edge memory": (40 + 10) / (8 * 256),
        "Postgres connections": 1415 / 2000,
        "Postgres processors": 0.2 / (8 * 0.7),
        "Redis thread": 0.05 / 0.7,
        "Redis connections": 1428 / 10_000,
    })  # fmt: skip


def test_the_defaults_are_full_at_the_connections_of_two_replicas() -> None:
    # 14 workers at 0.7: 9.8 processors, of which 10,000 users keep 6 busy.
    part, users = first_full(PROFILE, STACK, COSTS)
    assert part.name == "Postgres connections"
    assert users == pytest.approx(9.8 / 6 * USERS, rel=0.001)
    assert fullest(PROFILE, users, STACK, COSTS) is part
    assert part.load(STACK, PROFILE.demand(users), COSTS) <= 1 < part.load(STACK, PROFILE.demand(users + 10), COSTS)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_setting_of_a_part_gives_it_room_for_more_users(part: Part) -> None:
    change = part.change(STACK)
    if change.stack is None:
        assert "several stacks" in change.setting
        return
    before, after = (users_until_full(part, PROFILE, stack, COSTS) for stack in (STACK, change.stack))
    assert after > before


def test_a_smaller_pool_makes_another_part_the_first() -> None:
    redis = replace(CHEAP_EDGE, request_ms={**COSTS.request_ms, "redis": 3})
    small = PART["Postgres connections"].change(STACK).stack
    assert small
    found = [first_full(FEW_CONNECTIONS, stack, redis)[0] for stack in (STACK, small, replace(small, redis_masters=9))]
    assert [part.name for part in found] == ["Postgres connections", "Redis thread", "Postgres connections"]


def test_chunks_that_cost_the_edge_make_it_the_first() -> None:
    found = [first_full(FEW_CONNECTIONS, POOLED, costs)[0].name for costs in (CHEAP_EDGE, COSTS)]
    assert found == ["Redis connections", "edge processors"]


def test_many_idle_connections_make_those_of_the_edge_the_first() -> None:
    part, users = first_full(replace(PROFILE, connections=100), STACK, COSTS)
    assert (part.name, users) == ("edge connections", 8 * 12_000 // 100)


@pytest.mark.parametrize("profile", [PROFILE, *PROFILES], ids=lambda profile: profile.name)
@pytest.mark.parametrize("costs", [COSTS, measured_costs()], ids=["by hand", "measured"])
def test_each_step_carries_no_fewer_users_until_one_stack_has_no_more(profile: Profile, costs: Costs) -> None:
    found = steps(profile, costs)
    carried = [step.users for step in found]
    assert carried == sorted(carried)
    assert found[-1].part.change(found[-1].stack).stack is None
    assert all(step.part.change(step.stack).stack == after.stack for step, after in pairwise(found))


def test_full_stacks_fill_the_nodes() -> None:
    last = steps(PROFILE, COSTS)[-1]
    count, nodes = stacks_on_all_nodes(last, PROFILE, COSTS), last.stack.nodes(PROFILE.demand(last.users), COSTS)
    assert count * nodes <= MOST_NODES < (count + 1) * nodes


def test_users_beyond_one_stack_need_another() -> None:
    last = steps(PROFILE, COSTS)[-1]
    assert [stacks_needed(last.users + more, last) for more in (0, 1)] == [1, 2]
