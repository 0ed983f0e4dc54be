"""HAProxy 3.2, the official image's version, takes every configuration of edge and ingress without a warning."""

import io
import tarfile
from collections.abc import Iterator, Mapping

import docker
import pytest

from tests.official.build import reference
from tests.official.edge_configurations import Configurations, collect

CHECK = """\
haproxy -v
cd /configurations
for file in *; do haproxy -c -f "$file" 2>&1 | sed "s/^/$file: /"; done
"""
HARMLESS = "'disable-on-404' will be ignored for frontend 'health'"
"""Of the ingress: the frontend has no use for what it inherits. Another text would replace every stack's ingress."""


def archive(contents: Mapping[str, str]) -> bytes:
    """Return files as a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, text in contents.items():
            member = tarfile.TarInfo(path.lstrip("/"))
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def objections(configurations: Mapping[str, str], named: Mapping[str, str]) -> list[str]:
    """Return HAProxy's warnings and errors about each configuration."""
    container = docker.from_env().containers.create(
        reference("haproxy"), ["sh", "-c", CHECK], user="root", network_mode="none"
    )
    try:
        placed = {f"/configurations/{name.replace('/', '_')}": text for name, text in configurations.items()}
        container.put_archive("/", archive(placed | dict(named)))
        container.start()
        container.wait(timeout=120)
        said = container.logs().decode().splitlines()
    finally:
        container.remove(force=True)
    assert "version 3.2" in said[0], said
    return [line for line in said if ("[WARNING]" in line or "[ALERT]" in line) and HARMLESS not in line]


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Configurations]:
    """All configurations, from the program."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield collect(monkeypatch, tmp_path_factory.mktemp("authorities"))


def test_every_configuration_is_taken_without_a_warning(configurations: Configurations) -> None:
    texts = configurations.texts
    print(f"\n{len(texts)} configurations, {len(set(texts.values()))} of them different")
    assert objections(texts, configurations.named) == []


def test_a_warning_is_an_objection(configurations: Configurations) -> None:
    text = configurations.texts["ingress, default"].replace("  timeout server", "  # timeout server")
    assert "missing timeouts" in "".join(objections({"ingress": text}, {}))
