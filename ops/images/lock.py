"""Writes into a stack's file which image, by digest, each of its tags names."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import RunError

from components.images.built import BUILT_PREFIX
from components.images.policy import Pinning
from components.stack import settings
from components.stack.settings import Settings
from ops.errors import Failure
from ops.images import registry, signature
from ops.images.signature import Verdict
from ops.stack.automation import configuration_file
from ops.stack.file import config, with_values

PROJECT = "gateway"
IMAGES = f"{PROJECT}:images"
SHOWN_DIGITS = 12
HEAD = ("IMAGE", "TAG", "LOCKED", "NOW", "SIGNATURE")


@dataclass(frozen=True)
class Lock:
    """One image of a stack."""

    name: str
    """As `gateway:images` names it."""
    tag: str
    """Repository and tag."""
    old: str | None
    """Digest that the stack's file holds; None: none yet."""
    new: str
    """Digest of the image that the tag names now."""
    verdict: Verdict = Verdict.UNSIGNED

    @property
    def reference(self) -> str:
        """What the stack's file is to hold."""
        return f"{self.tag}@{self.new}"


def run(name: str, *, check: bool) -> None:
    """Lock the stack's images, or with `check` only tell whether they are.

    Raises:
        Failure: with `check`, when a digest is missing or is not its tag's; always, when an image cannot be locked or
            its signature is not the vendor's. Then nothing is written.
    """
    file = configuration_file(name)
    text = file.read_text()
    stack = stack_settings(text)
    references = {image: stack.images.reference(image) for image in stack.image_names}
    lockable = to_lock(references)
    if len(lockable) < len(references):
        print(f"built here, hence without a digest: {', '.join(sorted(references.keys() - lockable.keys()))}")
    locks = [resolve(image, reference) for image, reference in lockable.items()]
    print(table(locks))
    if any(lock.verdict is Verdict.UNVERIFIED for lock in locks):
        print("warning: cosign is not installed: LiteLLM's signature was not verified", file=sys.stderr)
    if check:
        if faults := differing(locks):
            raise Failure(f"{name}: not locked as the registries say: {faults}; run `python -m ops lock {name}`")
        return
    file.write_text(with_values(text, {(IMAGES, lock.name): lock.reference for lock in locks}))
    if (config(text).get(IMAGES) or {}).get("pinning") != Pinning.DIGEST:
        print(f"\nto refuse all else: pulumi config set --path gateway:images.pinning digest --stack {name}")


def stack_settings(text: str) -> Settings:
    """Read a stack's settings without its secrets, and without what it demands of images: that is yet to be written.

    Raises:
        Failure: when a setting is wrong, a LiteLLM release that must not run among them.
    """
    values = {key: _without_secrets(value) for key, value in config(text).items()}
    values[IMAGES] = {**(values.get(IMAGES) or {}), "pinning": Pinning.ANY.value}
    try:
        return settings.parse({key: json.dumps(value) for key, value in values.items()}, PROJECT)
    except RunError as error:
        raise Failure(str(error)) from error


def to_lock(references: Mapping[str, str]) -> dict[str, str]:
    """Give the images that come from a registry.

    Raises:
        Failure: when none does, or one has neither tag nor digest.
    """
    found = {image: reference for image, reference in references.items() if not reference.startswith(BUILT_PREFIX)}
    if not found:
        raise Failure(
            "the stack's images are built here and have no digest: their tags hold their recipes' hashes;"
            " to lock the vendors', set gateway:images.source to official"
        )
    for image, reference in found.items():
        if "@" not in reference and not _has_tag(reference):
            raise Failure(f"images.{image}: {reference} names neither tag nor digest; Docker would take `latest`")
    return found


def resolve(image: str, reference: str) -> Lock:
    """Ask the registry and the signature.

    Raises:
        Failure: when there is no digest, or the signature is not the vendor's.
    """
    tag, digest = _tagged(reference), reference.partition("@")[2] or None
    try:
        # Without a tag there is nothing that could move.
        new = registry.digest(tag) if _has_tag(tag) or not digest else digest
        return Lock(image, tag, digest, new, signature.verify(tag, new))
    except Failure as failure:
        raise Failure(f"images.{image}: {failure}") from failure


def differing(locks: Iterable[Lock]) -> str:
    """Name the images whose digest is missing or is another than their tag's; empty when there are none."""
    return ", ".join(
        f"{lock.name} {'names another image now' if lock.old else 'has no digest'}"
        for lock in locks
        if lock.old != lock.new
    )


def table(locks: Sequence[Lock]) -> str:
    """Show old → new."""
    rows = [HEAD, *((lock.name, lock.tag, _short(lock.old), _now(lock), lock.verdict.value) for lock in locks)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _now(lock: Lock) -> str:
    return "the same" if lock.old == lock.new else f"→ {_short(lock.new)}"


def _short(digest: str | None) -> str:
    return digest[: len("sha256:") + SHOWN_DIGITS] if digest else "no digest"


def _has_tag(reference: str) -> bool:
    return ":" in _tagged(reference).rsplit("/", 1)[-1]


def _tagged(reference: str) -> str:
    return reference.partition("@")[0]


def _without_secrets(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return "encrypted" if "secure" in value else {key: _without_secrets(each) for key, each in value.items()}
