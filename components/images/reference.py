"""References to container images: repository, tag and digest."""

from dataclasses import dataclass
from typing import Self

from docker.utils import parse_repository_tag


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
