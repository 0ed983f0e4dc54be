"""Whether a stack carries the load that it expects: workers by processor time, streams by memory."""

import math

from components.litellm.expected_load import ExpectedLoad
from components.stack.costs import Costs, measured
from components.stack.settings import Settings

UTILISATION = 0.7
"""Share of its processor that a worker is planned for. Above, requests wait for each other: at 0.7 about twice their
own time, at 0.9 nine times (the queue M/M/1)."""
REPLICA = "litellm"
"""The part whose processor time the workers use."""
ONE_THREAD = ("edge", "ingress")
"""Parts that use one processor at most (components/edge/haproxy.py)."""


def processors(load: ExpectedLoad, costs: Costs) -> dict[str, float]:
    """Return the processors that the load keeps busy, by part."""
    chunks = load.streams * load.chunks_per_second
    return {
        part: (load.requests_per_second * costs.request_ms[part] + chunks * costs.chunk_ms[part]) / 1000
        for part in costs.request_ms
    }


def workers_needed(load: ExpectedLoad, costs: Costs) -> int:
    """Return the workers that carry the load; a worker uses one processor."""
    return max(1, _planned(processors(load, costs)[REPLICA]))


def processors_needed(load: ExpectedLoad, costs: Costs) -> int:
    """Return the processors that a machine needs for all parts."""
    return _planned(sum(processors(load, costs).values()))


def stacks_needed(load: ExpectedLoad, costs: Costs) -> int:
    """Return how many stacks must share the load, because each has one edge and one ingress with one thread."""
    busy = processors(load, costs)
    return max(1, *(_planned(busy[part]) for part in ONE_THREAD))


def check(stack: Settings) -> list[str]:
    """Return a sentence for each reason that the stack cannot carry its expected load."""
    load, litellm = stack.litellm.expected_load, stack.litellm
    if load is None:
        return []
    found = [_too_little_room(load, stack), _too_few_connections(load, stack)]
    costs = measured()
    if costs is None:
        found.append("litellm.expected_load: there are no costs to compare it with; `make sizing` measures them")
    else:
        found += [beyond(load, litellm.replicas * litellm.workers, costs), _too_busy_thread(load, costs)]
    return [sentence for sentence in found if sentence]


def beyond(load: ExpectedLoad, workers: int, costs: Costs) -> str | None:
    """Return what is wrong when so many workers cannot carry the load; None when they can."""
    needed = workers_needed(load, costs)
    if needed <= workers:
        return None
    there = f"there {'is' if workers == 1 else 'are'} {workers}"
    return (
        f"litellm.expected_load: {_words(load)} need {_counted(needed, 'worker')}; {there}:"
        " raise litellm.workers or litellm.replicas"
    )


def too_few_processors(stack: Settings, there: int) -> str | None:
    """Return a warning when the machine has fewer processors than all parts need; None when it has enough."""
    load = stack.litellm.expected_load
    if load is None or (costs := measured()) is None or (needed := processors_needed(load, costs)) <= there:
        return None
    return (
        f"litellm.expected_load: {_words(load)} need {_counted(needed, 'processor')} for all parts together;"
        f" the machine has {there}"
    )


def _too_busy_thread(load: ExpectedLoad, costs: Costs) -> str | None:
    needed = stacks_needed(load, costs)
    if needed == 1:
        return None
    return (
        f"litellm.expected_load: {_words(load)} are more than one stack's edge and ingress pass on, which have one"
        f" thread each: share them between {needed} stacks"
    )


def _too_little_room(load: ExpectedLoad, stack: Settings) -> str | None:
    replicas = stack.litellm.replicas
    room = replicas * stack.replica_concurrency
    if load.streams <= room:
        return None
    given = stack.edge.replica_concurrency != "auto"
    return (
        f"litellm.expected_load.streams: {load.streams} are more than the {room} requests in flight that"
        f" {_counted(replicas, 'replica')} may have: raise"
        f" {'edge.replica_concurrency' if given else 'litellm.memory_mib'} or litellm.replicas"
    )


def _too_few_connections(load: ExpectedLoad, stack: Settings) -> str | None:
    most = stack.edge.max_connections
    if load.streams <= most:
        return None
    return f"litellm.expected_load.streams: {load.streams} are more than edge.max_connections {most}: raise that"


def _planned(busy: float) -> int:
    """Return the processors of which so many are busy; what lies behind the sixth digit is no processor more."""
    return math.ceil(round(busy / UTILISATION, 6))


def _words(load: ExpectedLoad) -> str:
    streams = f"{_counted(load.streams, 'stream')} at {load.chunks_per_second:g} chunks a second"
    requests = f"{load.requests_per_second:g} requests a second"
    return " and ".join(
        text for text, there in ((streams, load.streams), (requests, load.requests_per_second)) if there
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
