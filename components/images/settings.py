"""Which images a stack runs."""

from typing import Annotated

from pydantic import AfterValidator

from components.images.policy import Pinning
from components.images.reference import valid_reference
from components.images.source import ImageSource, image_reference, resolve_source
from components.settings.base import SettingsModel

Image = Annotated[str, AfterValidator(valid_reference)]


class ImageSettings(SettingsModel):
    """Which images run."""

    source: ImageSource | None = None
    """`official`: the vendors' images; `built`: images that bootstrap builds from Debian, PyPI and npm packages; null:
    the source that bootstrap chose for this machine and wrote to .cache/image-source."""
    pinning: Pinning = Pinning.ANY
    """How exactly an image must be named: any tag, a full version, or a digest."""
    litellm: Image | None = None
    """Image reference; null: the source's image."""
    postgres: Image | None = None
    """Image reference; null: the source's image."""
    redis: Image | None = None
    """Image reference; null: the source's image."""
    haproxy: Image | None = None
    """Image reference; null: the source's image."""
    prometheus: Image | None = None
    """Image reference; null: the source's image."""
    postgres_exporter: Image | None = None
    """Image reference; null: the source's image."""
    redis_exporter: Image | None = None
    """Image reference; null: the source's image."""
    blackbox_exporter: Image | None = None
    """Image reference; null: the source's image."""
    certbot: Image | None = None
    """Image reference; null: the source's image."""
    grafana: Image | None = None
    """Image reference; null: the vendor's image."""

    @property
    def effective_source(self) -> ImageSource:
        """The stack's image source, else this machine's."""
        return self.source or resolve_source()

    def reference(self, name: str) -> str:
        """Return the image that runs for one part, e.g. postgres."""
        own: str | None = getattr(self, name)
        return own or image_reference(name, self.effective_source)
