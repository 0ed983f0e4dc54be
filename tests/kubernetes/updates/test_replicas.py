"""Four replicas over three nodes: updates under load, and what they carry."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.kubernetes import add, keep
from benchmarks.result import Result
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.load import Asked, ask, client
from testbed.processors import busy_share
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import Clients
from tests.kubernetes.conftest import NAMESPACE, TABLE, another_version
from tests.kubernetes.pods import START_SECONDS, places, set_provider, sql

REPLICAS = (1, 2, 4)
ROUNDS = 2
PLACES = 8
"""Requests in flight at a replica."""
PROVIDER_SECONDS = 3
"""So that four replicas with all places taken leave half of two processors free."""
CALLERS = 40
"""More than four replicas have places for."""
WARM_SECONDS, MEASURED_SECONDS = 4, 24
LEAST_RATIO = 0.8
"""Of what the number of replicas would give."""


@pytest.fixture(scope="module")
def four(gateway: Project) -> Iterator[Project]:
    """The stack with four replicas."""
    with gateway.changed({"gateway:litellm.replicas": max(REPLICAS)}):
        yield gateway


def test_config_change_of_four_replicas_loses_no_request(four: Project, nodes: Cluster) -> None:
    clients = Clients(proxy_url(), four.output("master_key"))
    begin = time.monotonic()
    with clients, four.configured({"gateway:litellm.config.num_retries": 4}):
        four.up()
        seconds = time.monotonic() - begin
    clients.figure("config.yaml of four replicas", text=f"it took {seconds:.0f} s")
    assert len(places(nodes, "litellm")) == max(REPLICAS)
    assert len(set(places(nodes, "litellm"))) == len(nodes.nodes)
    assert clients.failures == []
    four.up()


def test_version_with_a_migration_and_the_way_back_lose_no_request(four: Project, nodes: Cluster) -> None:
    clients = Clients(proxy_url(), four.output("master_key"))
    with clients, four.changed({"gateway:images.litellm": another_version()}):
        assert sql(nodes, f"select count(*) from {TABLE}") == ["0"]
    clients.figure("LiteLLM version with a migration, and back, of four replicas")
    assert clients.failures == []


@contextmanager
def scaled(nodes: Cluster) -> Iterator[None]:
    """Let the body scale the replicas by hand; afterwards there are as many as the program wants, and nobody knows."""
    try:
        yield
    finally:
        scale(nodes, max(REPLICAS))
        # Otherwise the next number of the program would be a conflict with the one of `kubectl scale`.
        forget = json.dumps([{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}])
        nodes.kubectl("-n", NAMESPACE, "patch", "deployment/litellm", "--type=json", "-p", forget)


def scale(nodes: Cluster, replicas: int) -> None:
    """Run so many replicas."""
    nodes.kubectl("-n", NAMESPACE, "scale", "deployment/litellm", f"--replicas={replicas}")
    wait_until(lambda: len(places(nodes, "litellm")) == replicas, START_SECONDS)
    time.sleep(WARM_SECONDS)


async def answered_per_second(url: str, key: str, callers: int) -> tuple[float, list[Asked]]:
    """Let so many callers ask, each again as soon as it is answered; return the answers a second."""
    end, begin = time.monotonic() + WARM_SECONDS + MEASURED_SECONDS, time.time() + WARM_SECONDS
    found: list[Asked] = []

    async def call() -> None:
        while time.monotonic() < end:
            found.append(await ask(open_client, key))

    async with client(url) as open_client:
        await asyncio.gather(*(call() for _ in range(callers)))
    counted = [
        each for each in found if each.result == 200 and 0 <= each.sent + each.seconds - begin < MEASURED_SECONDS
    ]
    return len(counted) / MEASURED_SECONDS, found


@pytest.mark.parametrize(
    ("name", "latency_ms", "callers", "bound_by_places"),
    [("bound by places", 1000 * PROVIDER_SECONDS, CALLERS, True), ("bound by processors", 0, 16, False)],
    ids=["places", "processors"],
)
def test_throughput_grows_with_the_replicas(
    four: Project, nodes: Cluster, name: str, latency_ms: int, callers: int, *, bound_by_places: bool
) -> None:
    key, measured = four.output("master_key"), dict[int, list[float]]()
    narrow = {"gateway:edge.replica_concurrency": PLACES, "gateway:edge.fair_share_percent": 100}
    with four.changed(narrow if bound_by_places else {}), scaled(nodes):
        set_provider(nodes, latency_ms)
        shares = dict[int, list[float]]()
        for _ in range(ROUNDS):
            for replicas in REPLICAS:
                scale(nodes, replicas)
                with busy_share() as busy:
                    rate, requests = asyncio.run(answered_per_second(proxy_url(), key, callers))
                measured.setdefault(replicas, []).append(rate)
                shares.setdefault(replicas, []).append(busy.share)
                keep(f"{name} {replicas} replicas", [each.__dict__ for each in requests])
        set_provider(nodes, 0)
    alone = sum(measured[1]) / ROUNDS
    for replicas in REPLICAS[1:]:
        ratio = sum(measured[replicas]) / ROUNDS / alone
        text = "; ".join(
            f"{count}: {', '.join(f'{rate:.1f}' for rate in measured[count])} a second,"
            f" processors {100 * max(shares[count]):.0f} % busy"
            for count in (1, replicas)
        )
        add(Result(f"throughput {name}, {replicas} replicas / 1", round(ratio, 2), None, text))
        assert not bound_by_places or ratio >= LEAST_RATIO * replicas
