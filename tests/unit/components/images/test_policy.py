"""How exactly an image is named."""

import pytest

from components.images.catalog import IMAGES
from components.images.policy import POSTGRES_NUMBERS, Pinning, unpinned

DIGEST = f"sha256:{'ab' * 32}"
LITELLM = "ghcr.io/berriai/litellm"


@pytest.mark.parametrize(
    ("reference", "exact_for"),
    [
        (f"{LITELLM}:v1.108.14@{DIGEST}", {Pinning.ANY, Pinning.VERSION, Pinning.DIGEST}),
        (f"{LITELLM}@{DIGEST}", {Pinning.ANY, Pinning.VERSION, Pinning.DIGEST}),
        (f"{LITELLM}:v1.108.14", {Pinning.ANY, Pinning.VERSION}),
        ("docker.io/library/redis:7.2.16-bookworm", {Pinning.ANY, Pinning.VERSION}),
        ("localhost:5000/litellm:1.108.7", {Pinning.ANY, Pinning.VERSION}),
        ("localhost/gateway/litellm:1.108.7-ab12cd34", {Pinning.ANY, Pinning.VERSION}),
        ("localhost/gateway/postgres:15-ab12cd34", {Pinning.ANY, Pinning.VERSION}),
        ("localhost:5000/litellm", {Pinning.ANY}),
        ("registry.example:5000/team-1.2.3/litellm:latest", {Pinning.ANY}),
        ("docker.io/library/redis:7.2", {Pinning.ANY}),
        (f"{LITELLM}:v1.108", {Pinning.ANY}),
        (f"{LITELLM}:main-v1.108-stable", {Pinning.ANY}),
        (f"{LITELLM}:main-stable", {Pinning.ANY}),
        (f"{LITELLM}:latest", {Pinning.ANY}),
        (LITELLM, {Pinning.ANY}),
    ],
)
def test_reference_satisfies_these_pinnings_only(reference: str, exact_for: set[Pinning]) -> None:
    assert {pinning for pinning in Pinning if unpinned(reference, pinning) is None} == exact_for


@pytest.mark.parametrize(("tag", "exact"), [("15.19-bookworm", True), ("15-bookworm", False), ("latest", False)])
def test_postgresql_version_has_two_numbers(tag: str, exact: bool) -> None:  # noqa: FBT001
    fault = unpinned(f"docker.io/library/postgres:{tag}", Pinning.VERSION, POSTGRES_NUMBERS)
    assert (fault is None) is exact
    assert exact or str(fault).endswith("name a full version, X.Y")


@pytest.mark.parametrize("pinning", Pinning)
@pytest.mark.parametrize(
    "digest", ["sha256:", "sha256:abc", f"sha256:{'AB' * 32}", f"sha256:{'ab' * 33}", "md5:" + "ab" * 32]
)
def test_malformed_digest_is_refused(pinning: Pinning, digest: str) -> None:
    reference = f"{LITELLM}:v1.108.14@{digest}"
    assert unpinned(reference, pinning) == f"{reference} should end with @sha256: and 64 hex digits"


def test_unpinned_names_the_image_and_its_cure() -> None:
    assert unpinned(f"{LITELLM}:latest", Pinning.VERSION) == (
        f"{LITELLM}:latest is on a tag that moves; name a full version, X.Y.Z"
    )
    assert unpinned(f"{LITELLM}:v1.108.14", Pinning.DIGEST) == (
        f"{LITELLM}:v1.108.14 should end with @sha256:…; a tag can be moved to another image"
    )


@pytest.mark.parametrize("name", IMAGES)
def test_catalogue_image_has_a_full_version(name: str) -> None:
    numbers = POSTGRES_NUMBERS if name == "postgres" else 3
    assert unpinned(IMAGES[name].official, Pinning.VERSION, numbers) is None
