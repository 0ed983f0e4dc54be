"""The image of the old deployment: it runs on if it is a release that may."""

from components.images.advisories import unsafe, version_of
from components.images.built import BUILT_PREFIX
from components.images.reference import ImageReference
from components.images.source import ImageSource, image_reference, resolve_source
from ops.adopt.draft import Draft, Place

REGISTRIES = ("ghcr.io/berriai/", "docker.litellm.ai/berriai/", "docker.io/litellm/", "litellm/")
"""Where LiteLLM's own images are."""


def map_image(reference: str, place: Place, draft: Draft) -> None:
    """Keep the image, or say which one runs instead and why."""
    source = resolve_source()
    own = image_reference("litellm", source)
    if reason := not_kept(reference, own, source):
        draft.no_counterpart(place, f"{reason}; {own.removeprefix(BUILT_PREFIX)} runs instead (images.litellm)")
    else:
        draft.set("images.litellm", reference, place)
    new, old = version_of(own), version_of(reference)
    if new and old and old > new and draft.get("images.litellm") is None:
        draft.notes.append(
            f"the old LiteLLM is newer ({'.'.join(map(str, old))}) than the one that runs here: a dump of its database"
            " may not fit; set images.litellm to its release"
        )


def not_kept(reference: str, own: str, source: ImageSource) -> str | None:
    """Return why an image does not run on; None if it does."""
    version = version_of(reference)
    if why := unsafe(reference):
        return why
    if version is None and not ImageReference.parse(reference).digest:
        return "its tag moves from release to release"
    if not reference.startswith(REGISTRIES):
        return "it is not one of LiteLLM's own images"
    if source is ImageSource.BUILT:
        return "this machine builds its images (.cache/image-source)"
    ours = version_of(own)
    if version and ours and version < ours:
        return "it is older"
    return None
