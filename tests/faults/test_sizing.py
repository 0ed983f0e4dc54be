"""The short form of `make sizing`: each reading is taken, and the plans of a replica's memory hold."""

from collections.abc import Mapping

import pytest
from rich.console import Console

from benchmarks.sizing.command import measured
from benchmarks.sizing.figures import costs, figures
from benchmarks.sizing.plan import QUICK
from components.litellm.capacity import BODY_COPIES
from components.stack.costs import Costs
from components.stack.expected_load import REPLICA

MOST_REQUEST_MS, MOST_CHUNK_MS = 100, 10
"""Ten times what is measured on an idle machine: a figure beyond is no cost, but a mistake."""
EDGE_MIB = 100
"""Of 1,000 connections, at most: `edge.memory_mib` holds 12,000 in 256 MiB."""


@pytest.fixture(scope="module")
def found() -> Costs:
    """The costs of one short round."""
    rounds, start = measured(QUICK, Console())
    found: Mapping[str, Mapping[str, float]] = costs(figures(rounds, start))
    print(f"\n{found}")
    return Costs.read(found)


def test_a_request_costs_more_processor_time_than_a_chunk(found: Costs) -> None:
    request, chunk = found.request_ms[REPLICA], found.chunk_ms[REPLICA]
    assert 0 < chunk < request < MOST_REQUEST_MS
    assert chunk < MOST_CHUNK_MS


def test_a_body_takes_no_more_memory_than_a_replica_plans_for_it(found: Costs) -> None:
    assert 1 < found.body_copies[REPLICA] < BODY_COPIES
    assert 1 < found.wide_body_copies[REPLICA] < BODY_COPIES


def test_idle_connections_fit_into_the_edge(found: Costs) -> None:
    assert 0 < found.connections_mib["edge"] < EDGE_MIB
