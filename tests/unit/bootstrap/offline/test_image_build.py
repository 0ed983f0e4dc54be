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


def test_context_has_the_recipe_and_certificates(recipes: Path) -> None:
    with context("redis") as folder:
        assert {file.name for file in folder.iterdir()} == {"Dockerfile", "certificates.crt"}
        assert (folder / "certificates.crt").read_bytes() == certificates().read_bytes()
    assert not folder.exists()
    assert {file.name for file in (recipes / "redis").iterdir()} == {"Dockerfile"}


def test_base_gets_the_machine_s_package_sources() -> None:
    with context("debian") as folder:
        assert (folder / "sources.list.d" / "machine.sources").read_text() == str(UPDATES)


def test_base_keeps_debootstrap_s_sources_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_build, "read_sources", lambda release: [])
    with context("debian") as folder:
        assert list((folder / "sources.list.d").iterdir()) == []


def test_certificates_are_openssl_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "bundle.crt"
    bundle.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    assert certificates() == bundle
