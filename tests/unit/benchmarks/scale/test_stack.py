"""The sizes of a stack, against those computed by hand."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from benchmarks.scale.stack import MOST_WORKERS, Node, Stack, busy_processors, most
from components.edge.settings import EdgeSettings
from components.engine.kubernetes.settings import KubernetesSettings
from components.litellm.settings import LiteLLMSettings
from components.settings.base import SettingsModel
from tests.unit.benchmarks.scale.paper import COSTS, DEMAND, PROFILE

STACK = Stack()


@pytest.mark.parametrize(
    ("settings", "name", "others"),
    [
        (LiteLLMSettings, "replicas", {}),
        (LiteLLMSettings, "workers", {}),
        (KubernetesSettings, "edge_replicas", {"context": "gateway"}),
        (EdgeSettings, "max_connections", {}),
    ],
)
def test_a_setting_refuses_more_than_its_most(settings: type[SettingsModel], name: str, others: dict[str, str]) -> None:
    largest = most(settings, name)
    settings.model_validate({**others, name: largest})
    with pytest.raises(ValidationError):
        settings.model_validate({**others, name: largest + 1})


def test_a_replica_fills_a_node_by_processors_or_by_memory() -> None:
    assert Node().workers == 7
    assert Node(processors=4).workers == 3
    assert Node(memory_mib=16 * 1024).workers == 3
    assert Node(processors=128, memory_mib=1024 * 1024).workers == MOST_WORKERS


def test_busy_processors_are_requests_chunks_and_connections_without_an_ingress() -> None:
    busy = busy_processors(DEMAND, COSTS)
    assert busy == pytest.approx({"litellm": 6, "postgres": 0.2, "redis": 0.05, "edge": 0.62, "monitoring": 0})


def test_nine_workers_need_two_replicas_and_four_nodes() -> None:
    assert STACK.replicas(DEMAND, COSTS) == 2
    assert STACK.nodes(DEMAND, COSTS) == 4


def test_requests_that_wait_need_replicas_for_their_memory() -> None:
    slow = replace(PROFILE, seconds=1000, streamed=0).demand(10_000)
    assert STACK.room_of_a_replica == 10_000
    assert STACK.replicas(slow, COSTS) == 10


def test_connections_are_pools_of_all_workers_twice() -> None:
    assert STACK.postgres_connections(DEMAND, COSTS) == 50 * 7 * 2 * 2 + 15
    assert STACK.redis_connections(DEMAND, COSTS) == 51 * 7 * 2 * 2


def test_edges_are_two_or_as_many_as_processors_and_connections_need() -> None:
    assert STACK.edges(DEMAND, COSTS) == 2
    assert STACK.edges(replace(DEMAND, connections=25_000), COSTS) == 3
    assert STACK.edges(replace(PROFILE, connections=0).demand(40_000), COSTS) == 4
    assert STACK.edges(DEMAND, replace(COSTS, connections_ms={"edge": 100})) == 4
