"""How exactly a stack's images must be named."""

import re
from enum import StrEnum

from components.images.built import BUILT_PREFIX
from components.images.reference import ImageReference

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
POSTGRES_NUMBERS = 2
"""PostgreSQL's full versions are X.Y; those of the other images are X.Y.Z."""


class Pinning(StrEnum):
    """How exactly an image must be named."""

    ANY = "any"
    """Any tag."""
    VERSION = "version"
    """A tag with a full version number (X.Y.Z; X.Y for PostgreSQL), or a digest."""
    DIGEST = "digest"
    """A digest: it always names the same image; a tag may be moved to another one."""


def unpinned(reference: str, pinning: Pinning, numbers: int = 3) -> str | None:
    """Return why a reference is less exact than `pinning` asks for; None when it is exact enough.

    `numbers` is how many numbers a full version of the image has. A tag with fewer is moved to the next patch release.
    """
    image = ImageReference.parse(reference)
    if image.digest is not None:
        return None if DIGEST.fullmatch(image.digest) else f"{reference} should end with @sha256: and 64 hex digits"
    if pinning is Pinning.ANY:
        return None
    if reference.startswith(BUILT_PREFIX):
        # Its tag holds the digest of its recipe, and no registry can change what it names.
        return f"{reference} was built here and has no digest" if pinning is Pinning.DIGEST else None
    if pinning is Pinning.DIGEST:
        return f"{reference} should end with @sha256:…; a tag can be moved to another image"
    if not re.search(rf"(?<![\d.])v?\d+(\.\d+){{{numbers - 1}}}", image.tag or ""):
        return f"{reference} is on a tag that moves; name a full version, {'.'.join('XYZ'[:numbers])}"
    return None
