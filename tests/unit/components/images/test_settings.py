"""Settings of the images."""

import pytest
from pydantic import ValidationError

from components.images.catalog import IMAGES, OFFICIAL_ONLY
from components.images.settings import ImageSettings
from components.images.source import ImageSource, image_reference


def test_image_has_its_setting() -> None:
    assert ImageSettings.model_fields.keys() == {"source", "pinning", *IMAGES, *OFFICIAL_ONLY}


@pytest.mark.parametrize("name", IMAGES)
def test_setting_replaces_the_source_s_image(name: str) -> None:
    assert ImageSettings(source=ImageSource.BUILT).reference(name) == image_reference(name, ImageSource.BUILT)
    assert ImageSettings.model_validate({name: "mirror.example/it:1.2.3"}).reference(name) == "mirror.example/it:1.2.3"


@pytest.mark.parametrize(
    "text", ["a b", "--privileged", "https://example.com/it:1", "me:hush@mirror.example/it:1", "It:1", ""]
)
def test_what_is_no_reference_is_refused_without_its_text(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ImageSettings(redis=text)
    assert "should be an image reference" in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["redis", "localhost:5000/a/b_c:V1.2", "[::1]:5000/it", f"it:1@sha256:{64 * 'a'}", 64 * "a"]
)
def test_references_of_every_form_are_taken(text: str) -> None:
    assert ImageSettings(redis=text).redis == text
