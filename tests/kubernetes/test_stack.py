"""A stack on a real cluster."""

import httpx

from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import health_url, proxy_url
from testbed.completion import Caller, status
from testbed.project import Project
from tests.kubernetes.conftest import NAMESPACE


def test_completion_is_answered_at_every_node(gateway: Project) -> None:
    key = gateway.output("master_key")
    assert {node: status(proxy_url(node), key) for node in (1, 2)} == {1: 200, 2: 200}


def test_health_is_answered_by_each_edge(gateway: Project) -> None:
    assert [httpx.get(health_url(node)).status_code for node in (1, 2)] == [200, 200]


def test_second_preview_shows_no_change(gateway: Project) -> None:
    gateway.expect_no_changes()


def test_secrets_are_in_no_description_and_no_log(gateway: Project, nodes: Cluster) -> None:
    key = gateway.output("master_key")
    described = nodes.kubectl("-n", NAMESPACE, "describe", "all,configmaps,secrets,persistentvolumeclaims")
    assert "litellm" in described
    assert key not in described
    assert key not in gateway.must("stack", "export").output


def test_changed_configuration_drops_no_request(gateway: Project) -> None:
    with Caller(proxy_url(), gateway.output("master_key")) as caller:
        gateway.change("gateway:litellm.config.num_retries", 4)
        gateway.up()
    assert caller.failures == []
    assert len(caller.results) > 20


def test_broken_image_fails_the_update_and_the_old_pods_serve(gateway: Project) -> None:
    before = gateway.config_file.read_text()
    with Caller(proxy_url(), gateway.output("master_key")) as caller:
        gateway.change("gateway:images.litellm", "localhost/gateway/litellm:1.108.7-missing")
        failed = gateway.pulumi("up", "--yes", "--skip-preview")
        gateway.config_file.write_text(before)
        healed = gateway.up()
    assert failed.exit_code
    assert "ErrImagePull" in failed.output or "ImagePullBackOff" in failed.output
    assert failed.seconds < 300
    assert healed.exit_code == 0
    assert caller.failures == []
