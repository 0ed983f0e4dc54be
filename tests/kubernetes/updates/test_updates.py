"""Updates of a stack on a real cluster, under load: good ones, and those that fail."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import CommandResult, Project
from tests.kubernetes.clients import Clients
from tests.kubernetes.objects import objects


@dataclass(frozen=True)
class Fault:
    """A setting that no update can apply."""

    name: str
    setting: str
    value: object
    printed: tuple[str, ...]
    """What the failed update says."""


FAULTS = (
    Fault(
        "rejected configuration",
        "gateway:litellm.config_yaml.credential_list",
        # LiteLLM wants values by name; this project asks only whether there is anything.
        [{"credential_name": "wrong", "credential_values": "text", "credential_info": {}}],
        ("LiteLLM rejects its configuration; no replica was touched", "credential_values"),
    ),
    Fault(
        "missing image",
        "gateway:images.litellm",
        "localhost/gateway/litellm:1.108.7-missing",
        ("litellm:1.108.7-missing", "ErrImagePull"),
    ),
)
FAILED_UPDATE_SECONDS = 300


@pytest.fixture
def clients(gateway: Project) -> Clients:
    """Clients with the master key."""
    return Clients(proxy_url(), gateway.output("master_key"))


@pytest.fixture
def replicas(nodes: Cluster) -> Callable[[], set[str]]:
    """Return the names of the pods of LiteLLM that nobody stops."""

    def names() -> set[str]:
        found = [pod["metadata"] for pod in objects(nodes, "pods", "-l", "app.kubernetes.io/name=litellm")]
        return {metadata["name"] for metadata in found if "deletionTimestamp" not in metadata}

    return names


@pytest.mark.parametrize(
    ("setting", "value"),
    [("gateway:litellm.config.num_retries", 4), ("gateway:edge.queue_length", 60), ("gateway:litellm.replicas", 3)],
    ids=["configuration", "edge", "replicas"],
)
def test_change_under_load_loses_no_request(gateway: Project, clients: Clients, setting: str, value: object) -> None:
    with clients, gateway.changed({setting: value}):
        assert not clients.failures
    clients.figure(f"{setting.removeprefix('gateway:')} changed, and back")
    assert clients.failures == []
    assert len(clients.answers) > 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_bad_update_fails_twice_a_good_one_heals_and_no_request_is_lost(
    gateway: Project, clients: Clients, replicas: Callable[[], set[str]], fault: Fault
) -> None:
    before, failed = replicas(), list[CommandResult]()
    with clients:
        with gateway.configured({fault.setting: fault.value}):
            for _ in range(2):
                failed.append(gateway.pulumi("up", "--yes", "--skip-preview"))
                assert replicas() == before
        healed = gateway.up()
    for result in failed:
        assert result.exit_code != 0
        assert [reason for reason in fault.printed if reason not in result.output] == [], result.output
        assert result.seconds < FAILED_UPDATE_SECONDS
    times = f"failed after {failed[0].seconds:.0f} s and {failed[1].seconds:.0f} s, healed after {healed.seconds:.0f} s"
    clients.figure(f"{fault.name}, twice", text=times)
    assert clients.failures == []
    gateway.expect_no_changes()
