"""Which engines are used."""

from pathlib import Path
from typing import Any

import pytest

from components.engine.host.version import BUILT_PLUGIN_MARK, refusals, uses_built_plugin

DEBIAN_12: dict[str, Any] = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}
DOCKER_29: dict[str, Any] = {"Version": "29.1.0", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}
LINUX = {"OSType": "linux"}


def refused(version: dict[str, Any], info: dict[str, Any] = LINUX, *, built_plugin: bool = True) -> list[str]:
    return refusals(version, info, lambda: built_plugin)


def test_engine_of_debian_12_is_used() -> None:
    assert refused(DEBIAN_12) == refused({}) == []


def test_newest_engine_needs_the_vendor_s_plugin() -> None:
    assert refused(DOCKER_29, built_plugin=False) == []
    (sentence,) = refused(DOCKER_29)
    assert sentence.startswith("Docker Engine 29.1.0 takes API 1.44 and newer, ")
    assert "DOCKER_MIN_API_VERSION=1.40" in sentence
    assert refused({**DOCKER_29, "MinAPIVersion": "1.40"}) == []


@pytest.mark.parametrize(
    ("version", "info", "sentence"),
    [
        ({**DEBIAN_12, "Components": [{"Name": "Podman Engine"}]}, LINUX, "this engine is Podman"),
        ({"Version": "19.03.1", "ApiVersion": "1.40"}, LINUX, "Docker Engine 19.03.1 is too old: 20.10 or newer"),
        (DEBIAN_12, {"OSType": "windows"}, "this engine runs containers of windows"),
    ],
)
def test_other_engine_is_refused(version: dict[str, Any], info: dict[str, Any], sentence: str) -> None:
    (refusal,) = refused(version, info)
    assert refusal.startswith(sentence)


@pytest.mark.parametrize(("content", "built"), [(b"\x7fELF" + BUILT_PLUGIN_MARK, True), (b"\x7fELF", False)])
def test_built_plugin_is_known_by_its_packages(tmp_path: Path, content: bytes, *, built: bool) -> None:
    program = tmp_path / "plugins" / "resource-docker-v5.2.0" / "pulumi-resource-docker"
    program.parent.mkdir(parents=True)
    program.write_bytes(content)
    assert uses_built_plugin({"PULUMI_HOME": str(tmp_path)}) is built


def test_absent_plugin_is_not_built(tmp_path: Path) -> None:
    assert not uses_built_plugin({"PULUMI_HOME": str(tmp_path)})
