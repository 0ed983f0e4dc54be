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
EDGE, INGRESS = "edge", "ingress"
"""Parts of which a container uses one processor at most (components/edge/haproxy.py)."""


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


def processors_needed(load: ExpectedLoad, costs: Costs, *, ingress: bool = True) -> int:
    """Return the processors that all parts need, with or without an ingress."""
    return _planned(sum(busy for part, busy in processors(load, costs).items() if ingress or part != INGRESS))


def edges_needed(load: ExpectedLoad, costs: Costs) -> int:
    """Return the edges that pass the load on, with one thread each."""
    return max(1, _planned(processors(load, costs)[EDGE]))


def stacks_needed(load: ExpectedLoad, costs: Costs) -> int:
    """Return how many stacks must share the load where each has one edge and one ingress, with one thread each."""
    return max(edges_needed(load, costs), _planned(processors(load, costs)[INGRESS]))


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
        found += [beyond(load, stack.max_replicas * litellm.workers, costs), _too_busy_thread(load, stack, costs)]
    return [sentence for sentence in found if sentence]


def beyond(load: ExpectedLoad, workers: int, costs: Costs) -> str | None:
    """Return what is wrong when so many workers cannot carry the load; None when they can."""
    needed = workers_needed(load, costs)
    if needed <= workers:
        return None
    return (
        f"litellm.expected_load: {_words(load)} need {_counted(needed, 'worker')}; there {_are(workers)}:"
        " raise litellm.workers or litellm.replicas"
    )


def too_few_processors(stack: Settings, there: int) -> str | None:
    """Return a warning when there are fewer processors than all parts need; None when there are enough."""
    load, costs = stack.litellm.expected_load, measured()
    if load is None or costs is None:
        return None
    needed = processors_needed(load, costs, ingress=stack.kubernetes is None)
    if needed <= there:
        return None
    return (
        f"litellm.expected_load: {_words(load)} need {_counted(needed, 'processor')} for all parts together;"
        f" {stack.engine.offers} {there}"
    )


def _too_busy_thread(load: ExpectedLoad, stack: Settings, costs: Costs) -> str | None:
    if stack.kubernetes:
        return _too_few_edges(load, stack.edges, costs)
    needed = stacks_needed(load, costs)
    if needed == 1:
        return None
    return (
        f"litellm.expected_load: {_words(load)} are more than one stack's edge and ingress pass on, which have one"
        f" thread each: share them between {needed} stacks"
    )


def _too_few_edges(load: ExpectedLoad, edges: int, costs: Costs) -> str | None:
    needed = edges_needed(load, costs)
    if needed <= edges:
        return None
    return (
        f"litellm.expected_load: {_words(load)} need {_counted(needed, 'edge')}, which have one thread each; there"
        f" {_are(edges)}: raise kubernetes.edge_replicas"
    )


def _too_little_room(load: ExpectedLoad, stack: Settings) -> str | None:
    replicas = stack.max_replicas
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
    most, edges = stack.edge.max_connections, stack.edges
    if load.streams <= most * edges:
        return None
    each = f" of {edges} edges" if edges > 1 else ""
    return f"litellm.expected_load.streams: {load.streams} are more than edge.max_connections {most}{each}: raise that"


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


def _are(number: int) -> str:
    return f"{'is' if number == 1 else 'are'} {number}"
