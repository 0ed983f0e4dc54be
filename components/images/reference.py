"""References to container images: repository, tag and digest."""

import re
from dataclasses import dataclass
from typing import Self

from docker.utils import parse_repository_tag

FORM = re.compile(
    r"(?:(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[a-f0-9:]+\])(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+|/)[a-z0-9]+)*(?::\w[\w.-]{0,127})?(?:@[a-z0-9+._-]+:[a-f0-9]{32,})?",
    re.ASCII,
)
"""Registry, repository, tag and digest (https://pkg.go.dev/github.com/distribution/reference)."""


def valid_reference(text: str) -> str:
    """Return a reference as it is.

    Raises:
        ValueError: if it is none. The sentence leaves the text out: it may hold the password of a registry.
    """
    if not FORM.fullmatch(text):
        raise ValueError("should be an image reference, such as docker.io/library/redis:7.2.5, without a password")
    return text


@dataclass(frozen=True)
class ImageReference:
    """A reference to an image, in its parts. `str()` of it is the text that was parsed."""

    repository: str
    """With the registry, e.g. ghcr.io/berriai/litellm."""
    tag: str | None = None
    digest: str | None = None
    """The text after the @, e.g. sha256: and 64 hex digits; not validated."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split a reference into its parts."""
        tagged, at, digest = text.partition("@")
        repository, tag = parse_repository_tag(tagged)
        return cls(repository, tag, digest if at else None)

    @property
    def name(self) -> str:
        """The last part of the repository, e.g. litellm."""
        return self.repository.rsplit("/", maxsplit=1)[-1]

    @property
    def tagged(self) -> str:
        """The reference without its digest."""
        return self.repository if self.tag is None else f"{self.repository}:{self.tag}"

    def __str__(self) -> str:
        return self.tagged if self.digest is None else f"{self.tagged}@{self.digest}"
