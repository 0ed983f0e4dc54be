"""Services and jobs as arguments of a container."""

from dataclasses import replace

import pytest

from components.engine.docker.container import (
    data_container_arguments,
    duration,
    job_arguments,
    service_arguments,
    timeouts,
)
from components.engine.workload import Network
from tests.unit.components.workloads import JOB, SERVICE

NETWORKS = {Network.DATA: "data-1", Network.FRONT: "front-1"}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (1, "1s"),
        (59, "59s"),
        (60, "1m0s"),
        (61, "1m1s"),
        (90, "1m30s"),
        (600, "10m0s"),
        (3599, "59m59s"),
        (3600, "1h0m0s"),
        (3661, "1h1m1s"),
        (90000, "25h0m0s"),
    ],
)
def test_duration_is_written_as_docker_reads_it_back(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_service_becomes_exactly_these_arguments() -> None:
    assert service_arguments(SERVICE, NETWORKS, {"/etc/gateway": "config-1", "/run/secrets": "secrets-1"}) == {
        "entrypoints": ["web"],
        "command": ["--port", "80"],
        "envs": ["LEVEL=a", "ZONE=b"],
        "user": "101:102",
        "memory": 300,
        "memory_swap": 300,
        "cpu_shares": 512,
        "cpu_set": "0-1",
        "cgroup_parent": "/web",
        "ulimits": [{"name": "nproc", "soft": 200, "hard": 200}],
        "read_only": True,
        "init": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,mode=1777", "/run": "rw,nosuid,nodev,mode=1777"},  # noqa: S108
        "capabilities": {"drops": ["ALL"]},
        "security_opts": ["no-new-privileges"],
        "log_driver": "json-file",
        "log_opts": {"max-size": "10m", "max-file": "3"},
        "network_mode": "bridge",
        "networks_advanced": [{"name": "data-1", "aliases": ["web"]}, {"name": "front-1", "aliases": ["web"]}],
        "hosts": [{"host": "host.docker.internal", "ip": "host-gateway"}],
        "ports": [{"internal": 80, "external": 8080, "ip": "127.0.0.1"}],
        "volumes": [
            {"volume_name": "config-1", "container_path": "/etc/gateway", "read_only": True},
            {"volume_name": "secrets-1", "container_path": "/run/secrets", "read_only": True},
            {"volume_name": "web-data", "container_path": "/data"},
        ],
        "restart": "unless-stopped",
        "stop_timeout": 70,
        "destroy_grace_seconds": 70,
        "healthcheck": {
            "tests": ["CMD", "web", "--check"],
            "interval": "1m30s",
            "timeout": "7s",
            "retries": 4,
            "start_period": "1h0m0s",
        },
        "wait": True,
        "wait_timeout": 100,
    }


def test_job_becomes_exactly_these_arguments() -> None:
    assert job_arguments(JOB, NETWORKS, {"/run/secrets": "secrets-1"}) == {
        "entrypoints": ["load", "--all"],
        "command": None,
        "envs": ["LEVEL=a"],
        "user": "101:102",
        "memory": 200,
        "memory_swap": 200,
        "cpu_shares": 256,
        "cpu_set": None,
        "cgroup_parent": None,
        "ulimits": [{"name": "nproc", "soft": 4096, "hard": 4096}],
        "read_only": True,
        "init": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,mode=1777"},  # noqa: S108
        "capabilities": {"drops": ["ALL"]},
        "security_opts": ["no-new-privileges"],
        "log_driver": "json-file",
        "log_opts": {"max-size": "10m", "max-file": "3"},
        "network_mode": "bridge",
        "networks_advanced": [{"name": "data-1", "aliases": ["load"]}],
        "hosts": None,
        "ports": [],
        "volumes": [{"volume_name": "secrets-1", "container_path": "/run/secrets", "read_only": True}],
        "restart": "no",
        "stop_timeout": 20,
        "destroy_grace_seconds": 20,
        "must_run": False,
        "attach": True,
        "wait": False,
        "wait_timeout": 120,
    }


def test_what_a_service_leaves_to_its_image_is_none() -> None:
    arguments = service_arguments(replace(SERVICE, entrypoint=(), command=(), host_gateway=False), NETWORKS, {})
    assert (arguments["entrypoints"], arguments["command"], arguments["hosts"]) == (None, None, None)


def test_provider_waits_longer_than_a_service_starts_and_stops() -> None:
    slow = replace(SERVICE, stop_timeout=3600, health=replace(SERVICE.health, deadline=1800))
    limits = timeouts(slow)
    assert (limits.create, limits.update, limits.delete) == ("3000s", "1200s", "4800s")


def test_provider_waits_longer_than_a_job_runs() -> None:
    limits = timeouts(JOB)
    assert (limits.create, limits.update, limits.delete) == ("8400s", "1200s", "1220s")


def test_files_of_a_data_container_are_sorted() -> None:
    uploads = data_container_arguments("/etc/gateway", {"b": "2", "a": "1"}, "config-1")["uploads"]
    assert uploads == [{"file": "/etc/gateway/a", "content": "1"}, {"file": "/etc/gateway/b", "content": "2"}]
