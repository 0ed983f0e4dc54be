"""Replicas that follow the requests in flight, by a real KEDA and the stack's own Prometheus."""

import time
from collections.abc import Iterator

import pytest

from benchmarks.kubernetes import add
from benchmarks.result import Result
from testbed.cluster.addons import keda
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import Clients
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.objects import drift
from tests.kubernetes.pods import START_SECONDS, places, set_provider

LEAST, MOST = 2, 4
OFTEN = {"scrape_interval": 5, "rate_window": 20}
"""Settings of a Prometheus that soon sees what changes."""
AUTOSCALING = {"max_replicas": MOST, "requests_per_replica": 5, "scale_down_delay": 20}
SETTINGS = {
    "gateway:monitoring": {"enabled": True, **OFTEN, "memory_mib": 256},
    # Four that start beside four that are busy are too much for one machine.
    "gateway:kubernetes.max_surge": 2,
    "gateway:kubernetes.autoscaling": AUTOSCALING,
}
CALLERS = 30
PROVIDER_SECONDS = 4
MOST_SECONDS = 240
"""For a machine that is three nodes to start two replicas beside those that are busy."""


@pytest.fixture(scope="module")
def scaling(gateway: Project, nodes: Cluster) -> Iterator[Project]:
    """The stack with a Prometheus and a number of replicas that KEDA chooses."""
    keda.install(nodes)
    with gateway.changed(SETTINGS):
        yield gateway


def test_unchanged_stack_that_scales_has_no_change_and_no_drift(scaling: Project) -> None:
    scaling.expect_no_changes()
    assert f"{scaling.stack}: nothing is wrong" in scaling.must_ops("recover", "--yes")


def test_own_prometheus_reads_every_replica_and_edge(scaling: Project, nodes: Cluster) -> None:
    query = ("promtool", "query", "instant", "http://127.0.0.1:9090", "sum by (job) (up)")

    def found() -> str:
        return nodes.kubectl("-n", NAMESPACE, "exec", "prometheus-0", "-c", "prometheus", "--", *query)

    wait_until(lambda: '{job="litellm"} => 2' in found() and '{job="edge"} => 2' in found(), 120)


def test_replicas_follow_the_requests_in_flight_and_lose_none(scaling: Project, nodes: Cluster) -> None:
    key = scaling.output("master_key")
    set_provider(nodes, 1000 * PROVIDER_SECONDS)
    with Clients(proxy_url(), key) as steady:
        begin = time.monotonic()
        with Clients(proxy_url(), key, CALLERS) as crowd:
            wait_until(lambda: len(places(nodes, "litellm")) == MOST, MOST_SECONDS)
            more = time.monotonic() - begin
            with scaling.configured({"gateway:litellm.config.num_retries": 4}):
                scaling.up()
                assert len(places(nodes, "litellm")) == MOST
                scaling.expect_no_changes()
                assert drift(scaling) == {}
        set_provider(nodes, 0)
        begin = time.monotonic()
        wait_until(lambda: len(places(nodes, "litellm")) == LEAST, START_SECONDS)
        fewer = time.monotonic() - begin
    crowd.figure(f"{LEAST} to {MOST} replicas by KEDA, and config.yaml of {MOST}")
    steady.figure(f"{MOST} to {LEAST} replicas by KEDA")
    add(Result("autoscaling: seconds until twice the replicas serve", round(more), None, f"{CALLERS} callers"))
    add(Result("autoscaling: seconds until they are as few again", round(fewer), None, "20 s of them by the setting"))
    assert (crowd.failures, steady.failures) == ([], [])


def test_fixed_number_is_the_program_s_again(scaling: Project, nodes: Cluster) -> None:
    fixed = {"gateway:kubernetes.autoscaling": None, "gateway:litellm.replicas": LEAST + 1}
    with scaling.changed(fixed):
        wait_until(lambda: len(places(nodes, "litellm")) == LEAST + 1, START_SECONDS)
        scaling.expect_no_changes()
