"""A build's context holds the recipe and what the machine adds, and is gone afterwards."""

from pathlib import Path

import pytest

from bootstrap.offline import image_build
from bootstrap.offline.image_build import certificates, context
from bootstrap.offline.package_sources import PackageSource

UPDATES = PackageSource("http://mirror.example/debian-security", "bookworm-security")


@pytest.fixture(autouse=True)
def recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("debian", "redis"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text(f"FROM {name}\n")
    monkeypatch.setattr(image_build, "RECIPES", tmp_path)
    monkeypatch.setattr(image_build, "read_sources", lambda release: [UPDATES])
    return tmp_path


def test_a_recipe_finds_the_machines_certificates_beside_it(recipes: Path) -> None:
    with context("redis") as folder:
        assert {file.name for file in folder.iterdir()} == {"Dockerfile", "certificates.crt"}
        assert (folder / "certificates.crt").read_bytes() == certificates().read_bytes()
    assert not folder.exists()
    assert {file.name for file in (recipes / "redis").iterdir()} == {"Dockerfile"}


def test_the_base_takes_security_updates_from_the_machines_sources() -> None:
    with context("debian") as folder:
        assert (folder / "sources.list.d" / "machine.sources").read_text() == str(UPDATES)


def test_a_base_without_the_machines_sources_keeps_debootstraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_build, "read_sources", lambda release: [])
    with context("debian") as folder:
        assert list((folder / "sources.list.d").iterdir()) == []


def test_the_machines_certificates_are_those_openssl_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "bundle.crt"
    bundle.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert certificates() == bundle
