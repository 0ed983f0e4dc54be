"""A stack beside LiteLLM's own Helm chart: one line of config.yaml changes under the same load.

Both have the same image, replicas, Postgres server and mock provider. The chart has its default values where they run
here (testbed/cluster/helm_chart), the stack the program's defaults where `dev` has shorter times.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx

from benchmarks.kubernetes import add
from benchmarks.result import Result
from components.mock_provider.routes import ALIAS, route
from components.models.model_list import model_list
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import REPLICAS, images, on_cluster, proxy_url
from testbed.cluster.helm_chart.installation import installed
from testbed.cluster.helm_chart.pod import GRACE_SECONDS
from testbed.cluster.helm_chart.values import Database, Values
from testbed.cluster.network import node_address
from testbed.completion import MODEL, status
from testbed.mock_provider import MODELS
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import LONG_STREAMS, STREAM_SECONDS, STREAMS, Clients, Streams
from tests.kubernetes.conftest import NAMESPACE

NODE_PORT = 30420
RETRIES = 4
"""The change."""


@dataclass(frozen=True)
class Losses:
    """What an update cost."""

    requests: int
    failed: int
    streams: int
    broken: int

    def __str__(self) -> str:
        return f"{self.failed} of {self.requests} requests failed, {self.broken} of {self.streams} streams broke"


def losses(url: str, key: str, update: Callable[[], object]) -> Losses:
    """Update under load, and return what it cost."""
    with Clients(url, key) as clients, Streams(url, key) as streams:
        time.sleep(STREAM_SECONDS)
        update()
    for result in sorted({str(each.result) for each in clients.failures} | set(streams.broken)):
        print(result)
    return Losses(len(clients.answers), len(clients.failures), len(streams.results), len(streams.broken))


def answers(url: str, key: str) -> bool:
    """Return whether a completion is answered."""
    try:
        return status(url, key) == httpx.codes.OK
    except httpx.TransportError:
        return False


def in_stack(service: str) -> str:
    """Return the name of a Service of the stack as another namespace reaches it."""
    return f"{service}.{NAMESPACE}.svc.cluster.local"


def mock_route(provider: str, mode: str) -> tuple[str, str]:
    """Return how the stack's mock provider is asked from another namespace."""
    name, url = route(provider, mode)
    return name, url.replace(f"//{ALIAS}:", f"//{in_stack(ALIAS)}:")


@contextmanager
def database(nodes: Cluster) -> Iterator[Database]:
    """Make a database in the stack's server, which the chart has to itself."""
    made = Database(in_stack("postgres"), "helm_chart", "helm_chart", secrets.token_hex(16))

    def run(*statements: str) -> None:
        commands = (word for statement in statements for word in ("-c", statement))
        psql = ("psql", "-U", "litellm", "-d", "litellm", "-v", "ON_ERROR_STOP=1", *commands)
        nodes.kubectl("-n", NAMESPACE, "exec", "postgres-0", "-c", "postgres", "--", *psql)

    run(
        f"create role {made.username} login password '{made.password}'",
        f"create database {made.name} owner {made.username}",
    )
    try:
        yield made
    finally:
        run(f"drop database {made.name} with (force)", f"drop role {made.username}")


def values_of(nodes: Cluster, database: Database) -> Values:
    """Return the values of the chart's release."""
    return Values(
        release="chart",
        namespace="helm-chart",
        image=images(on_cluster(nodes, NAMESPACE))["litellm"],
        replicas=int(REPLICAS["replicas"]),
        node_port=NODE_PORT,
        database=database,
        master_key=f"sk-{secrets.token_hex(16)}",
        proxy_config={"model_list": model_list({MODEL: MODELS[MODEL]}, mock_route)},
    )


def of_chart(nodes: Cluster) -> Losses:
    """Return what the change costs with the chart."""
    with database(nodes) as made, installed(nodes, values_of(nodes, made)) as chart:
        values, before = chart.values, chart.pods()
        url = f"http://{node_address(1)}:{values.node_port}"
        wait_until(lambda: answers(url, values.master_key), 60)
        retries = {"litellm_settings": {"num_retries": RETRIES}}
        changed = replace(values, proxy_config={**values.proxy_config, **retries})
        found = losses(url, values.master_key, lambda: chart.upgrade(changed))
        wait_until(lambda: not before & chart.pods(), 2 * GRACE_SECONDS)
        return found


def of_stack(gateway: Project) -> Losses:
    """Return what the change costs with the stack."""
    with gateway.configured({"gateway:litellm.config.num_retries": RETRIES}):
        return losses(proxy_url(), gateway.output("master_key"), gateway.up)


def test_update_loses_nothing_and_the_chart_s_losses_are_kept(gateway: Project, nodes: Cluster) -> None:
    with gateway.changed(LONG_STREAMS):
        chart, stack = of_chart(nodes), of_stack(gateway)
    for name, each, goal in (("LiteLLM's Helm chart", chart, None), ("this program", stack, 0)):
        add(Result(f"lost by one changed line, {name}", each.failed + each.broken, goal, str(each)))
    assert (stack.failed, stack.broken) == (0, 0)
    for each in (chart, stack):
        assert each.requests > 20
        assert each.streams > STREAMS
