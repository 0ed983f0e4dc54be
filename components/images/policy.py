"""LiteLLM releases that must not run, as data, and how exactly an image must be named."""

import re
from dataclasses import dataclass
from enum import StrEnum

from components.images.catalog import BUILT_PREFIX

Version = tuple[int, int, int]

VERSION = re.compile(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
POSTGRES_NUMBERS = 2
"""PostgreSQL's full versions are X.Y; those of the other images are X.Y.Z."""


@dataclass(frozen=True)
class Advisory:
    """One hole in LiteLLM."""

    name: str
    """By which https://github.com/advisories finds it."""
    harm: str
    patched: tuple[Version, ...]
    """First patched release of each line that has one. Lines after the last are patched from their beginning."""


MALICIOUS: dict[Version, str] = dict.fromkeys(
    ((1, 82, 7), (1, 82, 8)),
    "it steals credentials (PyPI compromise of 2026-03-24, https://github.com/BerriAI/litellm/issues/24512)",
)

ADVISORIES = (
    Advisory(
        "CVE-2026-114612", "reuse of the salt key leads to remote code",
        ((1, 100, 4), (1, 101, 3), (1, 102, 2), (1, 103, 1)),
    ),
    Advisory("CVE-2026-89032", "the semantic cache gives one tenant's answers to another", ((1, 101, 0),)),
    Advisory("GHSA-g5ff-637f-6q2m", "reading of files, the master key among them", ((1, 95, 0),)),
    Advisory("CVE-2026-49468", "a forged Host header passes for authentication", ((1, 84, 0),)),
    Advisory("CVE-2026-47101", "keys for routes that their maker may not use", ((1, 83, 14),)),
    Advisory("CVE-2026-47102", "users who make themselves administrators", ((1, 83, 10),)),
    Advisory("CVE-2026-40217", "code that leaves a guardrail's sandbox", ((1, 83, 10),)),
    Advisory("CVE-2026-42271", "commands on the host for any key, by the test of an MCP server", ((1, 83, 7),)),
    Advisory("CVE-2026-42208", "SQL injection without a key", ((1, 83, 7),)),
    Advisory("CVE-2026-42203", "code in the template of a prompt", ((1, 83, 7),)),
    Advisory("CVE-2026-30623", "commands on the host, by an MCP server's settings", ((1, 83, 7),)),
    Advisory("CVE-2026-35030", "bypass of JWT authentication", ((1, 83, 0),)),
)  # fmt: skip
"""Newest first. Source: https://github.com/BerriAI/litellm/security/advisories."""


class Pinning(StrEnum):
    """How exactly an image must be named."""

    ANY = "any"
    """Any tag."""
    VERSION = "version"
    """A tag with a full version number (X.Y.Z; X.Y for PostgreSQL), or a digest."""
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
    if version in MALICIOUS:
        return f"LiteLLM {dotted(version)} must not run: {MALICIOUS[version]}"
    for advisory in ADVISORIES:
        if patch := missing_patch(version, advisory):
            return (
                f"LiteLLM {dotted(version)} must not run: {advisory.name} ({advisory.harm}) is patched in"
                f" {dotted(patch)}"
            )
    return None


def missing_patch(version: Version, advisory: Advisory) -> Version | None:
    """Give the first release after this one without the hole; None when this one is patched.

    A line that has a patched release takes that; a line without one, the next line that has.
    """
    patch = next((patch for patch in advisory.patched if patch[:2] >= version[:2]), None)
    return patch if patch and version < patch else None


def dotted(version: Version) -> str:
    """Write a version."""
    return ".".join(map(str, version))


def unpinned(reference: str, pinning: Pinning, numbers: int = 3) -> str | None:
    """Say why an image's name is not exact enough; None when it is.

    `numbers` is how many numbers a full version of the image has: a tag with fewer comes to mean the next patch.
    """
    _, at, digest = reference.partition("@")
    if at:
        return None if DIGEST.fullmatch(digest) else f"{reference} should end with @sha256: and 64 hex digits"
    if pinning is Pinning.ANY:
        return None
    if reference.startswith(BUILT_PREFIX):
        # Its tag holds the digest of its recipe, and no registry can change what it names.
        return f"{reference} was built here and has no digest" if pinning is Pinning.DIGEST else None
    if pinning is Pinning.DIGEST:
        return f"{reference} should end with @sha256:…; a tag can come to mean another image"
    if not re.search(rf"(?<![\d.])v?\d+(\.\d+){{{numbers - 1}}}", _tag(reference)):
        return f"{reference} is on a tag that moves; name a full version, {'.'.join('XYZ'[:numbers])}"
    return None


def _tag(reference: str) -> str:
    name = reference.split("@", maxsplit=1)[0].rsplit("/", 1)[-1]
    return name.partition(":")[2]
