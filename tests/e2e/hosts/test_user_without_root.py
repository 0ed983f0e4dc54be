"""A user of the group docker, without root, deploys the gateway on a port that only root may bind."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from components.engine.host.ports import lowest_unprivileged
from testbed.project import Project
from tests.e2e.hosts.low_port import low_port


def test_the_user_deployed_the_gateway_on_a_port_that_only_docker_may_bind(gateway: Project) -> None:
    port = gateway.config["gateway:edge"]["proxy_port"]
    assert port < lowest_unprivileged()
    assert gateway.run(["id", "--user"]).output.strip() != "0"
    denied = gateway.run(["python3", "-c", f"import socket; socket.socket().bind(('127.0.0.1', {port}))"])
    assert "PermissionError" in denied.output
    assert httpx.get(f"{gateway.output('proxy_url')}/health/liveliness").status_code == 200


def test_the_user_s_next_preview_shows_no_change(gateway: Project) -> None:
    gateway.expect_no_changes()


def test_the_user_s_verbs_need_no_root(gateway: Project) -> None:
    gateway.must_ops("health")
    gateway.must_ops("drift")
    # This copy of the project was never bootstrapped.
    lines = gateway.ops("doctor", gateway.stack).output.splitlines()
    errors = [line for line in lines if line.startswith("error")]
    assert [line.split()[1] for line in errors] == ["Pulumi:"], errors
    assert any(f"{gateway.stack}: ports: " in line and line.startswith("ok") for line in lines)


@pytest.fixture
def restored(gateway: Project) -> Iterator[None]:
    """The stack gets the configuration back that it had before the test."""
    before = gateway.config_file.read_text()
    yield
    gateway.config_file.write_text(before)


@pytest.mark.usefixtures("restored", "root")
def test_a_low_port_on_which_root_listens_is_refused(gateway: Project) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", low_port()))
        listener.listen()
        port = listener.getsockname()[1]
        gateway.change("gateway:edge.health_port", port)
        result = gateway.pulumi("preview")
    assert f"edge.health_port: port {port} is taken by a process on this host" in result.output
    assert result.exit_code != 0


@pytest.mark.usefixtures("restored")
def test_an_address_of_another_host_is_refused_by_its_name(gateway: Project) -> None:
    gateway.change("gateway:edge.address", "192.0.2.10")
    result = gateway.pulumi("preview")
    assert "edge.address: 192.0.2.10 is no address of this host" in result.output
    assert result.exit_code != 0
