"""LiteLLM releases that must not run, as data."""

import re
from enum import StrEnum

from components.images import BUILT_PREFIX

VERSION = re.compile(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)")

Version = tuple[int, int, int]

MALICIOUS: dict[Version, str] = {
    (
        1,
        82,
        7,
    ): "it steals credentials (PyPI compromise of 2026-03-24, https://github.com/BerriAI/litellm/issues/24512)",
    (
        1,
        82,
        8,
    ): "it steals credentials (PyPI compromise of 2026-03-24, https://github.com/BerriAI/litellm/issues/24512)",
}

PATCHED: dict[tuple[int, int], Version] = {
    (1, 100): (1, 100, 4),
    (1, 101): (1, 101, 3),
    (1, 102): (1, 102, 2),
    (1, 103): (1, 103, 1),
}
"""First patched release of each line that CVE-2026-114612 (GHSA-7hp6-4w63-5g45: salt-key reuse, remote code) hits."""

OLDEST_LINE = min(PATCHED)
"""Older lines have no patched release: CVE-2026-114612, GHSA-g5ff-637f-6q2m (master key read), CVE-2026-42208."""


class Pinning(StrEnum):
    """How exactly an image must be named."""

    ANY = "any"
    """Any tag."""
    VERSION = "version"
    """A tag with a full version number, or a digest."""
    DIGEST = "digest"
    """A digest: the one way to name an image that cannot come to mean another."""


def version_of(reference: str) -> Version | None:
    """Read the version out of an image's tag; None when the tag has none."""
    match = VERSION.search(_tag(reference))
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def unsafe(reference: str) -> str | None:
    """Say why this LiteLLM image must not run; None when nothing is known against it."""
    version = version_of(reference)
    if version is None:
        return None
    name = ".".join(map(str, version))
    if version in MALICIOUS:
        return f"LiteLLM {name} must not run: {MALICIOUS[version]}"
    if version[:2] < OLDEST_LINE:
        return (
            f"LiteLLM {name} must not run: "
            "its line has no release patched against CVE-2026-114612; take 1.103.1 or later"
        )
    floor = PATCHED.get(version[:2])
    if floor and version < floor:
        return f"LiteLLM {name} must not run: CVE-2026-114612 is patched in {'.'.join(map(str, floor))}"
    return None


def unpinned(reference: str, pinning: Pinning) -> str | None:
    """Say why an image's name is not exact enough; None when it is."""
    if pinning is Pinning.ANY or "@sha256:" in reference:
        return None
    if reference.startswith(BUILT_PREFIX):
        # Its tag holds the digest of its recipe, and no registry can change what it names.
        return f"{reference} was built here and has no digest" if pinning is Pinning.DIGEST else None
    if pinning is Pinning.DIGEST:
        return f"{reference} should end with @sha256:…; a tag can come to mean another image"
    if not re.search(r"\d+\.\d+", _tag(reference)):
        return f"{reference} is on a tag that moves; name a full version"
    return None


def _tag(reference: str) -> str:
    name = reference.split("@", maxsplit=1)[0].rsplit("/", 1)[-1]
    return name.partition(":")[2]
