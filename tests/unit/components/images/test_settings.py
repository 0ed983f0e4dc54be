"""Settings of the images."""

import pytest

from components.images.catalog import IMAGES, OFFICIAL_ONLY
from components.images.settings import ImageSettings
from components.images.source import ImageSource, image_reference


def test_image_has_its_setting() -> None:
    assert ImageSettings.model_fields.keys() == {"source", "pinning", *IMAGES, *OFFICIAL_ONLY}


@pytest.mark.parametrize("name", IMAGES)
def test_setting_replaces_the_source_s_image(name: str) -> None:
    assert ImageSettings(source=ImageSource.BUILT).reference(name) == image_reference(name, ImageSource.BUILT)
    assert ImageSettings.model_validate({name: "mirror.example/it:1.2.3"}).reference(name) == "mirror.example/it:1.2.3"
