"""A stack that is too small for the load it expects is refused or warned of, with the cure."""

import json
from collections.abc import Mapping

import pulumi
import pytest

from components.litellm.expected_load import ExpectedLoad
from components.stack import expected_load
from components.stack.costs import Costs
from components.stack.expected_load import processors_needed, too_few_processors, workers_needed
from components.stack.read import parse
from components.stack.settings import Settings
from components.stack.sizing import check

NONE: Mapping[str, int] = {}
MANY_CONNECTIONS = {"max_connections": 50_000}
COSTS = Costs(
    request_ms={"litellm": 7, "postgres": 2, "edge": 0.75, "ingress": 0.25},
    chunk_ms={"litellm": 0.7, "postgres": 0, "edge": 0.04, "ingress": 0.01},
    connections_ms=NONE, connections_mib=NONE, in_flight_mib=NONE, body_copies=NONE,
    wide_body_copies=NONE,
)  # fmt: skip
"""A worker carries 1,000 chunks or 100 requests a second."""


@pytest.fixture(autouse=True)
def costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Costs that stay what they are when others are measured."""
    monkeypatch.setattr(expected_load, "measured", lambda: COSTS)


def settings(
    load: Mapping[str, float] | None,
    *,
    production: bool = True,
    edge: Mapping[str, int] = NONE,
    sizes: Mapping[str, int] = NONE,
    edges: int | None = None,
) -> Settings:
    """Return the settings of a stack, with `edges` on a cluster."""
    litellm = {"replicas": 2, "workers": 2, "memory_mib": 8192, "expected_load": load, **sizes}
    stack = {"litellm": litellm, "postgres": {"max_connections": "auto"}, "edge": edge, "production": production}
    if edges:
        cluster = {"context": "test", "kubeconfig": "kubeconfig", "edge_replicas": edges}
        stack |= {"engine": "kubernetes", "kubernetes": cluster, "images": {"source": "official"}}
    return parse({f"gateway:{key}": json.dumps(value) for key, value in stack.items()}, "gateway")


def refusal(load: Mapping[str, float], *, edge: Mapping[str, int] = NONE, sizes: Mapping[str, int] = NONE) -> str:
    with pytest.raises(pulumi.RunError) as caught:
        settings(load, edge=edge, sizes=sizes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("load", "workers"),
    [
        ({"streams": 100, "chunks_per_second": 10}, 1),
        ({"streams": 101, "chunks_per_second": 10}, 2),
        ({"requests_per_second": 100}, 1),
        ({"requests_per_second": 100.5}, 2),
        ({"streams": 100, "chunks_per_second": 10, "requests_per_second": 100}, 2),
        ({"streams": 1000, "chunks_per_second": 0.5}, 1),
        ({}, 1),
    ],
)
def test_workers_are_the_processor_time_of_chunks_and_requests(load: dict[str, float], workers: int) -> None:
    assert workers_needed(ExpectedLoad.model_validate(load), COSTS) == workers


def test_the_machine_needs_processors_for_all_parts() -> None:
    assert processors_needed(ExpectedLoad(requests_per_second=140), COSTS) == 2
    assert processors_needed(ExpectedLoad(requests_per_second=141), COSTS) == 3


def test_workers_that_cannot_carry_the_load_are_refused_in_production_and_a_warning_elsewhere() -> None:
    load = {"streams": 500, "chunks_per_second": 30}
    sentence = (
        "litellm.expected_load: 500 streams at 30 chunks a second need 15 workers; there are 4:"
        " raise litellm.workers or litellm.replicas"
    )
    assert refusal(load) == sentence
    findings = check(settings(load, production=False))
    assert (findings.refusals, findings.warnings) == ((), (sentence,))


def test_a_load_that_one_thread_of_the_edge_cannot_pass_on_is_refused() -> None:
    load = {"streams": 1000, "chunks_per_second": 18}
    many = {"replicas": 6, "workers": 3, "memory_mib": 12288}
    assert refusal(load, sizes=many) == (
        "litellm.expected_load: 1000 streams at 18 chunks a second are more than one stack's edge and ingress pass on,"
        " which have one thread each: share them between 2 stacks"
    )
    assert check(settings(load | {"chunks_per_second": 17}, sizes=many)).refusals == ()


def test_requests_are_named_beside_streams() -> None:
    load = {"streams": 1, "chunks_per_second": 0.5, "requests_per_second": 401}
    assert refusal(load).startswith(
        "litellm.expected_load: 1 stream at 0.5 chunks a second and 401 requests a second need 5 workers; there are 4: "
    )


def test_one_worker_is_one() -> None:
    load = {"requests_per_second": 101}
    (warning,) = check(settings(load, production=False, sizes={"replicas": 1, "workers": 1})).warnings
    assert warning.endswith("need 2 workers; there is 1: raise litellm.workers or litellm.replicas")


@pytest.mark.parametrize("load", [None, {"streams": 400, "chunks_per_second": 10}])
def test_load_that_is_carried_is_neither_refused_nor_warned_of(load: dict[str, float] | None) -> None:
    stack = settings(load)
    assert (check(stack).refusals, check(stack).warnings) == ((), ())


def test_streams_that_memory_cannot_hold_are_refused_with_the_cure() -> None:
    room = settings(None).replica_concurrency
    load = {"streams": 2 * room + 1, "chunks_per_second": 0.01}
    assert refusal(load, edge=MANY_CONNECTIONS) == (
        f"litellm.expected_load.streams: {2 * room + 1} are more than the {2 * room} requests in flight that"
        " 2 replicas may have: raise litellm.memory_mib or litellm.replicas"
    )
    assert check(settings(load | {"streams": 2 * room}, edge=MANY_CONNECTIONS)).refusals == ()


def test_a_given_concurrency_is_what_has_to_be_raised() -> None:
    sentence = refusal({"streams": 101, "chunks_per_second": 1}, edge={"replica_concurrency": 50})
    assert sentence.endswith("may have: raise edge.replica_concurrency or litellm.replicas")


def test_a_load_without_measured_costs_is_no_checked_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expected_load, "measured", lambda: None)
    assert refusal({"streams": 1}) == (
        "litellm.expected_load: there are no costs to compare it with; `make sizing` measures them"
    )
    assert check(settings(None)).refusals == ()
    assert too_few_processors(settings({"streams": 500}, production=False), 1) is None


def test_each_stream_needs_a_connection() -> None:
    load = {"streams": 1001, "chunks_per_second": 1}
    assert refusal(load, edge={"max_connections": 1000}) == (
        "litellm.expected_load.streams: 1001 are more than edge.max_connections 1000: raise that"
    )
    assert check(settings(load, edge={"max_connections": 1001})).refusals == ()


def test_too_few_processors_for_all_parts_are_a_warning() -> None:
    stack = settings({"requests_per_second": 280})
    assert too_few_processors(stack, 4) is None
    assert too_few_processors(stack, 3) == (
        "litellm.expected_load: 280 requests a second need 4 processors for all parts together; the machine has 3"
    )
    assert too_few_processors(settings(None), 1) is None


def test_nodes_of_a_cluster_run_no_ingress() -> None:
    stack = settings({"requests_per_second": 287}, edges=2)
    assert too_few_processors(stack, 4) is None
    assert too_few_processors(stack, 3) == (
        "litellm.expected_load: 287 requests a second need 4 processors for all parts together; the nodes have 3"
    )


def test_edges_of_a_cluster_share_the_load() -> None:
    many = {"replicas": 6, "workers": 3, "memory_mib": 12288}
    load = {"streams": 1000, "chunks_per_second": 18}
    assert check(settings(load, sizes=many, edges=2)).refusals == ()
    few = settings(load | {"chunks_per_second": 36}, sizes=many, edges=2, production=False)
    assert (
        "litellm.expected_load: 1000 streams at 36 chunks a second need 3 edges, which have one thread each;"
        " there are 2: raise kubernetes.edge_replicas"
    ) in check(few).warnings


def test_each_edge_of_a_cluster_has_connections_of_its_own() -> None:
    load = {"streams": 2001, "chunks_per_second": 1}
    few = settings(load, edge={"max_connections": 1000}, edges=2, production=False)
    assert (
        "litellm.expected_load.streams: 2001 are more than edge.max_connections 1000 of 2 edges: raise that"
    ) in check(few).warnings
    enough = settings(load | {"streams": 2000}, edge={"max_connections": 1000}, edges=2, production=False)
    assert not [line for line in check(enough).warnings if "max_connections" in line]


@pytest.mark.parametrize(
    ("load", "place"),
    [
        ({"streams": -1}, "litellm.expected_load.streams"),
        ({"chunks_per_second": 0}, "litellm.expected_load.chunks_per_second"),
        ({"users": 5}, "litellm.expected_load.users"),
    ],
)
def test_a_wrong_load_is_refused_with_its_path(load: dict[str, float], place: str) -> None:
    assert refusal(load).startswith(f"{place}: ")
