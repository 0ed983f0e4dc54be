"""LiteLLM releases that must not run: those with a known vulnerability, and malicious ones."""

import re
from dataclasses import dataclass

from components.images.reference import ImageReference

Version = tuple[int, int, int]

VERSION = re.compile(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True)
class Advisory:
    """One vulnerability of LiteLLM."""

    name: str
    """Its CVE or GHSA number at https://github.com/advisories."""
    harm: str
    """What an attacker can do."""
    patched: tuple[Version, ...]
    """First patched release of each line (X.Y) that has one. Every line after the last is patched."""


MALICIOUS: dict[Version, str] = dict.fromkeys(
    ((1, 82, 7), (1, 82, 8)),
    "it steals credentials (PyPI compromise of 2026-03-24, https://github.com/BerriAI/litellm/issues/24512)",
)

ADVISORIES = (
    Advisory(
        "CVE-2026-114612",
        "remote code execution through a reused salt key",
        ((1, 100, 4), (1, 101, 3), (1, 102, 2), (1, 103, 1)),
    ),
    Advisory("CVE-2026-89032", "the semantic cache returns one tenant's answers to another", ((1, 101, 0),)),
    Advisory("GHSA-g5ff-637f-6q2m", "reading files, the master key among them", ((1, 95, 0),)),
    Advisory("CVE-2026-49468", "authentication bypass with a forged Host header", ((1, 84, 0),)),
    Advisory("CVE-2026-47101", "a user can create keys for routes that the user may not call", ((1, 83, 14),)),
    Advisory("CVE-2026-47102", "a user can make itself an administrator", ((1, 83, 10),)),
    Advisory("CVE-2026-40217", "code can leave a guardrail's sandbox", ((1, 83, 10),)),
    Advisory("CVE-2026-42271", "command execution with any key, through the MCP server test endpoint", ((1, 83, 7),)),
    Advisory("CVE-2026-42208", "SQL injection without a key", ((1, 83, 7),)),
    Advisory("CVE-2026-42203", "code execution through a prompt template", ((1, 83, 7),)),
    Advisory("CVE-2026-30623", "command execution through an MCP server's settings", ((1, 83, 7),)),
    Advisory("CVE-2026-35030", "JWT authentication bypass", ((1, 83, 0),)),
)
"""Newest first. Source: https://github.com/BerriAI/litellm/security/advisories."""


def version_of(reference: str) -> Version | None:
    """Return the version in a reference's tag; None when the tag has none."""
    match = VERSION.search(ImageReference.parse(reference).tag or "")
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def unsafe(reference: str) -> str | None:
    """Return why this LiteLLM image must not run; None when nothing is known against it."""
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
    """Return the release that patches this one: of its own line, else of the next that has one.

    None when this one is patched.
    """
    patch = next((patch for patch in advisory.patched if patch[:2] >= version[:2]), None)
    return patch if patch and version < patch else None


def dotted(version: Version) -> str:
    """Format a version as X.Y.Z."""
    return ".".join(map(str, version))
