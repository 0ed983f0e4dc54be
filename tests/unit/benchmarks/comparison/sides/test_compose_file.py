"""The compose.yaml runs what the stack's containers run."""

from pathlib import Path
from typing import Any

from benchmarks.comparison.sides.compose_file import DEPENDS_ON, SERVICES, service, with_host_ports, with_variable

CONTAINER: dict[str, Any] = {
    "Image": "sha256:abc",
    "Config": {
        "User": "101:101",
        "Entrypoint": ["sh", "-c", 'exec litellm --config "$HOME"'],
        "Cmd": None,
        "Env": ["KEEPALIVE_TIMEOUT=75", "NUM_WORKERS=2"],
        "Healthcheck": {"Test": ["CMD", "check"], "Interval": 5 * 10**9, "Timeout": 10**10, "Retries": 3},
        "StopTimeout": 80,
    },
    "HostConfig": {
        "PortBindings": {"4000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "4200"}]},
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges"],
        "Tmpfs": {"/scratch": "rw,mode=1777"},
        "Memory": 2**30,
        "CpuShares": 1024,
        "CgroupParent": "/",
    },
    "Mounts": [
        {"Type": "volume", "Destination": "/etc/gateway"},
        {"Type": "volume", "Destination": "/data"},
    ],
    "NetworkSettings": {"Networks": {"gateway-bench-update-front-network-1": {}, "gateway-x-data-network-2": {}}},
}


def test_a_service_is_what_its_container_is(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    found = service("litellm", CONTAINER, tmp_path)
    assert (found["image"], found["user"]) == ("sha256:abc", "101:101")
    assert (found["mem_limit"], found["cpu_shares"]) == (2**30, 1024)
    assert found["entrypoint"][-1] == 'exec litellm --config "$$HOME"'
    assert found["volumes"] == [f"{tmp_path}/etc:/etc/gateway:ro", "litellm-data:/data"]
    assert found["networks"] == {"front": {"aliases": ["litellm"]}, "data": {"aliases": ["litellm"]}}
    assert found["ports"] == ["127.0.0.1:4200:4000"]
    assert found["healthcheck"] == {"test": ["CMD", "check"], "retries": 3, "interval": "5s", "timeout": "10s"}
    assert (found["read_only"], found["cap_drop"], found["tmpfs"]) == (True, ["ALL"], ["/scratch:rw,mode=1777"])
    assert (found["stop_grace_period"], found["cgroup_parent"], found["restart"]) == ("80s", "/", "unless-stopped")


def test_the_migration_ends_before_litellm_starts(tmp_path: Path) -> None:
    assert service("litellm", CONTAINER, tmp_path)["depends_on"]["migration"] == {
        "condition": "service_completed_successfully"
    }
    assert service("migration", CONTAINER, tmp_path)["restart"] == "no"
    assert {*DEPENDS_ON, *(other for each in DEPENDS_ON.values() for other in each)} <= set(SERVICES.values())


def test_host_ports_change() -> None:
    document = {"services": {"ingress": {"ports": ["127.0.0.1:4200:4000", "127.0.0.1:4201:4001"]}, "redis": {}}}
    moved = with_host_ports(document, {4200: 5200, 4201: 5201})
    assert moved["services"] == {"ingress": {"ports": ["127.0.0.1:5200:4000", "127.0.0.1:5201:4001"]}, "redis": {}}


def test_one_line_changes() -> None:
    document = {"name": "x", "services": {"litellm": {"environment": ["KEEPALIVE_TIMEOUT=75", "A=b"]}, "edge": {}}}
    changed = with_variable(document, "litellm", "KEEPALIVE_TIMEOUT", "80")
    assert changed["services"]["litellm"]["environment"] == ["A=b", "KEEPALIVE_TIMEOUT=80"]
    assert changed["services"]["edge"] == {}
