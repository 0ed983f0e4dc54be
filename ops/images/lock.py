"""Write into a stack's file the digest of each of its images."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from components.images.built import BUILT_PREFIX
from components.images.policy import Pinning
from components.images.reference import ImageReference
from components.stack.parts import image_names
from ops.errors import OperationError
from ops.images import registry, signature
from ops.images.signature import SignatureStatus
from ops.stack.config_file import IMAGES, parse_config, settings_without_secrets, with_values
from ops.stack.project import configuration_file, read_configuration

SHOWN_DIGITS = 12
HEADINGS = ("IMAGE", "TAG", "LOCKED", "NOW", "SIGNATURE")


@dataclass(frozen=True)
class ImageLock:
    """The digest of one image of a stack."""

    name: str
    """Key of the image in `gateway:images`."""
    tag: str
    """Repository and tag."""
    old: str | None
    """Digest in the stack's file; None if there is none yet."""
    new: str
    """Digest of the image that the tag names now."""
    signature: SignatureStatus = SignatureStatus.UNSIGNED

    @property
    def reference(self) -> str:
        """What the stack's file should hold."""
        return f"{self.tag}@{self.new}"


def lock_images(name: str, *, check: bool) -> None:
    """Write the digests of the stack's images into its file; with `check` only compare them.

    Raises:
        OperationError: with `check`, if a digest is missing or outdated; always, if an image has no digest or its
            signature is not the vendor's. Nothing is written then.
    """
    file = configuration_file(name)
    text = read_configuration(file)
    settings = settings_without_secrets(text)
    references = {image: settings.images.reference(image) for image in image_names(settings)}
    lockable = from_registry(references)
    if len(lockable) < len(references):
        built = ", ".join(sorted(references.keys() - lockable.keys()))
        print(f"built on this machine, so they have no digest: {built}")
    locks = [resolve(image, reference) for image, reference in lockable.items()]
    print(lock_table(locks))
    if any(lock.signature is SignatureStatus.COSIGN_TOO_OLD for lock in locks):
        print(f"warning: {SignatureStatus.COSIGN_TOO_OLD.value}", file=sys.stderr)
    if any(lock.signature is SignatureStatus.UNVERIFIED for lock in locks):
        print("warning: cosign is not installed: LiteLLM's signature was not verified", file=sys.stderr)
    if check:
        if differing := not_locked(locks):
            cure = f"run `python -m ops lock {name}`"
            raise OperationError(f"{name}: not locked as the registries say: {differing}; {cure}")
        return
    file.write_text(with_values(text, {(IMAGES, lock.name): lock.reference for lock in locks}))
    if (parse_config(text).get(IMAGES) or {}).get("pinning") != Pinning.DIGEST:
        print(f"\nto refuse all else: pulumi config set --path gateway:images.pinning digest --stack {name}")


def from_registry(references: Mapping[str, str]) -> dict[str, str]:
    """Return the images that come from a registry.

    Raises:
        OperationError: if there is none, or one has neither tag nor digest.
    """
    found = {image: reference for image, reference in references.items() if not reference.startswith(BUILT_PREFIX)}
    if not found:
        raise OperationError(
            "the stack's images are built here and have no digest: their tags hold their recipes' hashes;"
            " to lock the vendors', set gateway:images.source to official"
        )
    for image, reference in found.items():
        parsed = ImageReference.parse(reference)
        if not parsed.digest and parsed.tag is None:
            cure = "Docker would take `latest`; add a tag"
            raise OperationError(f"images.{image}: {reference} names neither tag nor digest; {cure}")
    return found


def resolve(image: str, reference: str) -> ImageLock:
    """Return the current digest of an image, and the status of its signature.

    Raises:
        OperationError: if there is no digest, or the signature is not the vendor's.
    """
    parsed = ImageReference.parse(reference)
    digest = parsed.digest or None
    try:
        # Without a tag nothing can have moved.
        new = digest if digest and parsed.tag is None else registry.digest(parsed.tagged)
        return ImageLock(image, parsed.tagged, digest, new, signature.verify(parsed.tagged, new))
    except OperationError as error:
        raise OperationError(f"images.{image}: {error}") from error


def not_locked(locks: Iterable[ImageLock]) -> str:
    """Return the images whose digest is missing or outdated, each with the reason; empty if there are none."""
    return ", ".join(
        f"{lock.name} {'names another image now' if lock.old else 'has no digest'}"
        for lock in locks
        if lock.old != lock.new
    )


def lock_table(locks: Sequence[ImageLock]) -> str:
    """Return a table of old and new digests."""
    rows = [HEADINGS, *((lock.name, lock.tag, _short(lock.old), _now(lock), lock.signature.value) for lock in locks)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _now(lock: ImageLock) -> str:
    return "the same" if lock.old == lock.new else f"→ {_short(lock.new)}"


def _short(digest: str | None) -> str:
    return digest[: len("sha256:") + SHOWN_DIGITS] if digest else "no digest"
