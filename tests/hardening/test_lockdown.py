"""Lockdown: no root, no capability, no writable root, no way out, as seen from inside each container."""

import docker
import httpx
import pytest
from docker.models.containers import Container

from components.engine.preflight import ROOT_CGROUP
from components.mock_provider.routes import PORT
from testbed.container import address, must_run, run
from testbed.project import Project

STARTED = ("postgres", "redis", "litellm-1", "edge", "ingress", "provider", "backup")
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3)"


def process_one(container: Container) -> dict[str, str]:
    """Return the kernel's status of a container's first process."""
    text = must_run(container, "cat", "/proc/1/status")
    return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


@pytest.mark.parametrize("workload", STARTED)
def test_no_process_is_root_has_a_capability_or_can_gain_one(gateway: Project, workload: str) -> None:
    status = process_one(gateway.container(workload))
    assert "0" not in status["Uid"].split() + status["Gid"].split()
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"] == "1"


@pytest.mark.parametrize("workload", STARTED)
def test_no_root_file_system_can_be_written(gateway: Project, workload: str) -> None:
    exit_code, text = run(gateway.container(workload), "sh", "-c", "grep ' / ' /proc/mounts; touch /etc/passwd")
    assert exit_code != 0
    assert "ro," in text
    assert "Read-only file system" in text or "Permission denied" in text


@pytest.mark.parametrize("workload", STARTED)
def test_memory_processes_and_logs_are_bounded(gateway: Project, workload: str) -> None:
    container = gateway.container(workload)
    host = container.attrs["HostConfig"]
    exit_code, limits = run(container, "sh", "-c", "grep 'Max processes' /proc/1/limits")
    assert exit_code == 0
    assert limits.split()[2:4] == ["4096", "4096"]
    assert 0 < host["Memory"] == host["MemorySwap"]
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-file": "3", "max-size": "10m"}}


def test_a_busy_replica_cannot_starve_what_it_needs(gateway: Project) -> None:
    shares = {workload: gateway.container(workload).attrs["HostConfig"]["CpuShares"] for workload in STARTED}
    assert shares["edge"] > shares["postgres"] == shares["redis"] > shares["litellm-1"] > 0
    root = ROOT_CGROUP[docker.from_env().info()["CgroupDriver"]]
    parents = {workload: gateway.container(workload).attrs["HostConfig"]["CgroupParent"] for workload in STARTED}
    assert parents == {workload: root if workload in ("edge", "ingress") else "" for workload in STARTED}


@pytest.mark.parametrize(("workload", "port"), [("postgres", 5432), ("redis", 6379)])
def test_data_is_reached_from_the_data_network_alone(gateway: Project, workload: str, port: int) -> None:
    data = gateway.container(workload)
    assert not any((data.attrs["NetworkSettings"]["Ports"] or {}).values())
    ((_, network),) = data.attrs["NetworkSettings"]["Networks"].items()
    for target in (workload, network["IPAddress"]):
        assert run(gateway.container("litellm-1"), "python3", "-c", CONNECT, target, str(port))[0] == 0
        assert run(gateway.container("provider"), "python3", "-c", CONNECT, target, str(port))[0] != 0


@pytest.mark.parametrize("workload", ["postgres", "redis"])
def test_data_has_no_way_out(gateway: Project, workload: str) -> None:
    (name,) = gateway.container(workload).attrs["NetworkSettings"]["Networks"]
    assert docker.from_env().networks.get(name).attrs["Internal"] is True
    outside = f"timeout 3 bash -c '</dev/tcp/{address(gateway, gateway.container('provider'))}/{PORT}'"
    assert run(gateway.container("edge"), "sh", "-c", outside)[0] == 0
    assert run(gateway.container(workload), "sh", "-c", outside)[0] != 0


@pytest.mark.parametrize("path", ["/redoc", "/openapi.json"])
def test_the_interactive_documentation_is_off(proxy: httpx.Client, path: str) -> None:
    assert proxy.get(path).status_code == 404


def test_the_first_page_is_not_the_interactive_documentation(proxy: httpx.Client) -> None:
    # LiteLLM serves it there and not at /docs.
    assert "swagger" not in proxy.get("/").text.lower()


def test_metrics_need_a_key_at_the_replica_and_are_not_there_at_the_edge(gateway: Project, proxy: httpx.Client) -> None:
    replica = httpx.Client(base_url=f"http://{address(gateway, gateway.container('litellm-1'))}:4000", timeout=10)
    for path in ("/metrics", "/metrics/"):
        assert replica.get(path).status_code == 401
        # The message is the edge's: a replica without metrics answers 404 too, to those who have a key.
        answer = proxy.get(path)
        assert (answer.status_code, answer.json()["error"]["message"]) == (404, "metrics are private")


def test_litellm_runs_in_production_mode(gateway: Project) -> None:
    exit_code, text = run(
        gateway.container("litellm-1"), "sh", "-c", "tr '\\0' '\\n' < /proc/1/environ | grep ^LITELLM_MODE="
    )
    assert (exit_code, text.strip()) == (0, "LITELLM_MODE=PRODUCTION")
