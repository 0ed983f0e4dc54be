"""What destroying a stack leaves."""

import docker

from tests.e2e.project import Project


def test_destroy_leaves_no_container_network_or_volume(gateway: Project) -> None:
    gateway.must("destroy", "--yes", "--skip-preview")
    engine = docker.from_env()
    prefix = f"gateway-{gateway.stack}-"
    assert gateway.containers() == []
    assert [network.name for network in engine.networks.list() if network.name.startswith(prefix)] == []
    assert [volume.name for volume in engine.volumes.list() if volume.name.startswith(prefix)] == []
