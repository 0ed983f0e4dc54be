"""Which LiteLLM releases must not run."""

import pytest

from components.images.advisories import ADVISORIES, Advisory, Version, missing_patch, unsafe, version_of
from components.images.source import ImageSource, image_reference

DIGEST = f"sha256:{'ab' * 32}"
LITELLM = "ghcr.io/berriai/litellm"


@pytest.mark.parametrize(
    ("reference", "version"),
    [
        (f"{LITELLM}:v1.108.14", (1, 108, 14)),
        (f"{LITELLM}:1.108.14", (1, 108, 14)),
        (f"{LITELLM}:main-v1.108.14-stable", (1, 108, 14)),
        (f"{LITELLM}:v1.108.14@{DIGEST}", (1, 108, 14)),
        ("localhost/gateway/litellm:1.108.7-ab12cd34", (1, 108, 7)),
        ("localhost:5000/litellm:1.108.7", (1, 108, 7)),
        ("localhost:5000/litellm", None),
        ("10.20.30.40:5000/litellm", None),
        ("registry.example:5000/team-1.2.3/litellm:latest", None),
        (f"{LITELLM}:main-stable", None),
        (f"{LITELLM}:latest", None),
        (LITELLM, None),
        (f"{LITELLM}@{DIGEST}", None),
        (f"{LITELLM}:v1.108", None),
    ],
)
def test_version_is_read_from_the_tag(reference: str, version: Version | None) -> None:
    assert version_of(reference) == version


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("1.82.6", "CVE-2026-114612 (remote code execution through a reused salt key) is patched in 1.100.4"),
        ("1.82.7", "steals credentials"),
        ("1.82.8", "steals credentials"),
        ("1.83.0", "patched in 1.100.4"),
        ("1.83.14", "patched in 1.100.4"),
        ("1.99.9", "patched in 1.100.4"),
        ("1.100.3", "patched in 1.100.4"),
        (
            "1.100.4",
            "CVE-2026-89032 (the semantic cache returns one tenant's answers to another) is patched",
        ),
        ("1.100.9", "patched in 1.101.0"),
        ("1.101.2", "patched in 1.101.3"),
        ("1.102.1", "patched in 1.102.2"),
        ("1.103.0", "patched in 1.103.1"),
        ("0.14.3", "patched in 1.100.4"),
    ],
)
def test_bad_release_is_refused_with_the_reason(version: str, reason: str) -> None:
    sentence = unsafe(f"{LITELLM}:v{version}")
    assert sentence
    assert sentence.startswith(f"LiteLLM {version} must not run: ")
    assert reason in sentence


@pytest.mark.parametrize(
    "version", ["1.101.3", "1.102.2", "1.103.1", "1.104.0", "1.106.10", "1.108.7", "1.108.14", "2.0.0"]
)
def test_patched_release_runs(version: str) -> None:
    assert unsafe(f"{LITELLM}:v{version}") is None


@pytest.mark.parametrize("tag", [":v1.82.8", ":main-v1.82.8-stable", f":v1.82.8@{DIGEST}"])
def test_bad_release_is_refused_however_its_tag_is_written(tag: str) -> None:
    assert "steals credentials" in str(unsafe(LITELLM + tag))


@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda advisory: advisory.name)
def test_release_needs_the_patch_of_its_line(advisory: Advisory) -> None:
    for major, minor, patch in advisory.patched:
        assert missing_patch((major, minor, patch), advisory) is None
        assert missing_patch((major, minor, patch - 1), advisory) == (major, minor, patch)
    newest = advisory.patched[-1]
    assert missing_patch((newest[0], newest[1] + 1, 0), advisory) is None
    assert missing_patch((1, 0, 0), advisory) == advisory.patched[0]


@pytest.mark.parametrize("source", ImageSource)
def test_catalogue_litellm_may_run(source: ImageSource) -> None:
    reference = image_reference("litellm", source)
    assert version_of(reference)
    assert unsafe(reference) is None
