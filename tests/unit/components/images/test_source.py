"""The image source of this machine, and the reference that runs for each part."""

import re
from pathlib import Path

import pytest

from components.images import source
from components.images.catalog import IMAGES
from components.images.source import ImageSource, image_reference


def test_undecided_source_names_bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SOURCE_FILE", tmp_path / "none")
    monkeypatch.delenv("GATEWAY_IMAGE_SOURCE", raising=False)
    with pytest.raises(ValueError, match="run bootstrap/run"):
        source.resolve_source()


def test_wrong_source_is_refused_with_its_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "pulled")
    with pytest.raises(ValueError, match="GATEWAY_IMAGE_SOURCE: should be official or built, not 'pulled'"):
        source.resolve_source()


def test_unknown_image_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match="'mysql' is unknown: known are blackbox_exporter, certbot, haproxy, litellm, postgres,"
    ):
        image_reference("mysql", ImageSource.OFFICIAL)


@pytest.mark.parametrize("name", IMAGES)
def test_official_reference_has_a_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", image_reference(name, ImageSource.OFFICIAL))
