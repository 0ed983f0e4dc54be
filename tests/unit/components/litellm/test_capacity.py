"""What a replica's memory holds."""

import pytest

from components.litellm.capacity import BODY_COPIES, body_bytes, requests_of_a_replica, requests_of_a_worker
from components.litellm.settings import LiteLLMSettings

MIB = 2**20


def settings(memory_mib: int, workers: int = 1) -> LiteLLMSettings:
    return LiteLLMSettings(memory_mib=memory_mib, workers=workers)


def test_spare_memory_is_half_for_requests_and_half_for_bodies() -> None:
    spare = 4096 - 700
    assert requests_of_a_worker(settings(4096), metrics=False) == spare / 2 / 0.5
    assert body_bytes(settings(4096), metrics=False) == pytest.approx(spare / 2 / BODY_COPIES * MIB, abs=1)


def test_workers_share_a_replica_s_memory() -> None:
    assert requests_of_a_worker(settings(8192, 2), metrics=False) == requests_of_a_worker(settings(4096), metrics=False)
    assert requests_of_a_replica(settings(8192, 2), metrics=False) == 2 * 3396


def test_metrics_take_memory_of_their_own() -> None:
    assert requests_of_a_worker(settings(4096), metrics=True) == 3346


@pytest.mark.parametrize(("memory_mib", "workers"), [(1024, 4), (1024, 64)])
def test_too_little_memory_still_serves(memory_mib: int, workers: int) -> None:
    small = settings(memory_mib, workers)
    assert requests_of_a_worker(small, metrics=True) == 1
    assert body_bytes(small, metrics=True) == MIB


def test_replica_gets_no_more_than_the_edge_has_connections_for() -> None:
    assert requests_of_a_replica(settings(65536, 4), metrics=False) == 10_000
