"""Which part is full first, how many users one stack carries until then, and what comes after."""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.scale.parts import PARTS, Part
from benchmarks.scale.profile import Profile
from benchmarks.scale.stack import MOST_NODES, Stack
from components.stack.costs import Costs

MOST_USERS = 10_000_000
"""Nobody looks further."""


@dataclass(frozen=True)
class Step:
    """One stack, until it is full."""

    stack: Stack
    part: Part
    """What is full first."""
    users: int
    """The most that the stack carries."""
    setting: str
    """What gives the part more room."""


def fullest(profile: Profile, users: int, stack: Stack, costs: Costs) -> Part:
    """Return the part of which the largest share is taken."""
    demand = profile.demand(users)
    return max(PARTS, key=lambda part: part.load(stack, demand, costs))


def users_until_full(part: Part, profile: Profile, stack: Stack, costs: Costs) -> int:
    """Return the most users with whom a part is not over its room."""
    return _most_users(lambda users: part.load(stack, profile.demand(users), costs))


def steps(profile: Profile, costs: Costs) -> list[Step]:
    """Return how a stack grows: what is full first, then what is full first with that moved, until nothing moves it."""
    found, stack = list[Step](), Stack()
    while True:
        part, users = first_full(profile, stack, costs)
        change = part.change(stack)
        found.append(Step(stack, part, users, change.setting))
        if change.stack is None:
            return found
        stack = change.stack


def first_full(profile: Profile, stack: Stack, costs: Costs) -> tuple[Part, int]:
    """Return the part that is full first, and with how many users."""
    known = {part: users_until_full(part, profile, stack, costs) for part in PARTS}
    part = min(known, key=lambda each: known[each])
    return part, known[part]


def stacks_on_all_nodes(last: Step, profile: Profile, costs: Costs) -> int:
    """Return how many such stacks, each as full as it may be, the cluster has nodes for."""
    return MOST_NODES // last.stack.nodes(profile.demand(last.users), costs)


def _most_users(load: Callable[[int], float]) -> int:
    return bisect_right(range(MOST_USERS + 1), 1.0, key=load) - 1


def stacks_needed(users: int, last: Step) -> int:
    """Return how many such stacks share the users, evenly."""
    return math.ceil(users / last.users)
