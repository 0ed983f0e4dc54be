"""The compose.yaml of the faults' comparison."""

from pathlib import Path
from typing import Any

import yaml

from benchmarks.compose import copy_of_replica

REPLICA: dict[str, Any] = {
    "Image": "sha256:abc",
    "Config": {"User": "101:101", "Entrypoint": ["sh"], "Cmd": None, "Env": ["NUM_WORKERS=2"], "StopTimeout": 80},
    "HostConfig": {
        "PortBindings": None,
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": [],
        "Tmpfs": None,
        "Memory": 2**30,
        "CpuShares": 1024,
        "CgroupParent": "",
    },
    "Mounts": [{"Type": "volume", "Destination": "/identity"}],
    "NetworkSettings": {"Networks": {"stack-front-network-1": {}, "stack-data-network-2": {}}},
}


def test_the_copy_of_a_replica_needs_no_other_service_and_no_volume(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    document = yaml.safe_load(copy_of_replica(REPLICA, tmp_path, 4200, "after"))
    (copied,) = document["services"].values()
    assert "depends_on" not in copied
    assert copied["restart"] == "no"
    assert copied["volumes"] == [f"{tmp_path}/etc:/etc/gateway:ro"]
    assert copied["ports"] == ["127.0.0.1:4200:4000"]
    assert copied["environment"] == ["NUM_WORKERS=2", "FAULTS_CHANGE=after"]
    assert document["networks"] == {name: {"external": True} for name in copied["networks"]}
    assert set(copied["networks"]) == {"stack-front-network-1", "stack-data-network-2"}
