"""Parts of an image reference."""

import pytest

from components.images.reference import ImageReference

DIGEST = f"sha256:{'ab' * 32}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("redis", ImageReference("redis")),
        ("redis:7.2", ImageReference("redis", "7.2")),
        ("quay.io/team/redis:7.2", ImageReference("quay.io/team/redis", "7.2")),
        ("localhost:5000/redis", ImageReference("localhost:5000/redis")),
        ("localhost:5000/redis:7.2", ImageReference("localhost:5000/redis", "7.2")),
        (f"quay.io/redis@{DIGEST}", ImageReference("quay.io/redis", None, DIGEST)),
        (f"localhost:5000/redis:7.2@{DIGEST}", ImageReference("localhost:5000/redis", "7.2", DIGEST)),
        ("redis:7.2@", ImageReference("redis", "7.2", "")),
    ],
)
def test_reference_is_split_and_written_back(text: str, parts: ImageReference) -> None:
    assert ImageReference.parse(text) == parts
    assert str(parts) == text
    assert parts.name == "redis"


def test_tagged_leaves_out_the_digest() -> None:
    assert ImageReference.parse(f"quay.io/redis:7.2@{DIGEST}").tagged == "quay.io/redis:7.2"
    assert ImageReference.parse(f"quay.io/redis@{DIGEST}").tagged == "quay.io/redis"
