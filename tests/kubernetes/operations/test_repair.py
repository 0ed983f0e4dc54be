"""What somebody changed on a real cluster by hand, and an update that was killed: found, and repaired."""

import json

import pytest

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url
from testbed.project import Project
from tests.history.interrupted import kill_update
from tests.kubernetes.clients import Clients
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.objects import drift

HUSH = "a-value-that-nobody-shows"


def test_untouched_stack_has_no_drift(gateway: Project) -> None:
    assert drift(gateway) == {}
    assert f"{gateway.stack}: nothing is wrong" in gateway.must_ops("recover", "--yes")


def test_changes_by_hand_are_found_and_repaired_under_load(gateway: Project, nodes: Cluster) -> None:
    there = ("-n", NAMESPACE)
    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        nodes.kubectl(*there, "set", "env", "deployment/edge", f"ADDED={HUSH}")
        nodes.kubectl(*there, "scale", "deployment/litellm", "--replicas=1")
        nodes.kubectl(*there, "delete", "poddisruptionbudget/edge")
        nodes.kubectl(*there, "label", "networkpolicy/data", "gateway.identity-")
        found = drift(gateway)
        told = gateway.must_ops("recover", "--yes")
    clients.figure("changes by hand, recovered")
    print(
        "\n".join(f"{each['resource']}: {each['what']}: {each['wanted']}, {each['found']}" for each in found.values())
    )
    assert {
        ("edge", "spec.template.spec.containers.edge.env"),
        ("litellm", "spec.replicas"),
        ("edge-budget", "object"),
        ("data-policy", "metadata.labels.gateway.identity"),
    } <= found.keys()
    assert HUSH not in json.dumps(list(found.values())) + told
    assert drift(gateway) == {}
    gateway.expect_no_changes()
    assert clients.failures == []


@pytest.mark.parametrize("part", ["edge", "litellm"])
def test_killed_update_is_recovered_under_load(gateway: Project, nodes: Cluster, part: str) -> None:
    setting = {"edge": "gateway:edge.queue_length", "litellm": "gateway:litellm.config.num_retries"}[part]
    revision = ("-n", NAMESPACE, "get", f"deployment/{part}", "-o", "jsonpath={.metadata.generation}")
    before, file = nodes.kubectl(*revision), gateway.config_file.read_text()
    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        gateway.change(setting, 5)
        assert kill_update(gateway, lambda *_: nodes.kubectl(*revision) != before).alive
        refused = gateway.ops("rollback", gateway.stack, "--to", "1", "--yes")
        told = gateway.must_ops("recover", "--yes")
    clients.figure(f"update of {part} killed, recovered")
    assert f"`python -m ops recover {gateway.stack}`" in refused.output
    assert "remove the lock" in told
    assert clients.failures == []
    assert drift(gateway) == {}
    gateway.config_file.write_text(file)
    gateway.up()
