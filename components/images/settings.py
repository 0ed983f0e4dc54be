"""Which images a stack runs."""

from components.images.policy import Pinning
from components.images.source import ImageSource, image_reference, resolve_source
from components.settings.base import SettingsModel


class ImageSettings(SettingsModel):
    """Which images run."""

    source: ImageSource | None = None
    """`official`: the vendors' images; `built`: images that bootstrap builds from Debian, PyPI and npm packages; null:
    the source that bootstrap chose for this machine and wrote to .cache/image-source."""
    pinning: Pinning = Pinning.ANY
    """How exactly an image must be named: any tag, a full version, or a digest."""
    litellm: str | None = None
    """Image reference; null: the source's image."""
    postgres: str | None = None
    """Image reference; null: the source's image."""
    redis: str | None = None
    """Image reference; null: the source's image."""
    haproxy: str | None = None
    """Image reference; null: the source's image."""
    prometheus: str | None = None
    """Image reference; null: the source's image."""
    postgres_exporter: str | None = None
    """Image reference; null: the source's image."""
    redis_exporter: str | None = None
    """Image reference; null: the source's image."""
    blackbox_exporter: str | None = None
    """Image reference; null: the source's image."""
    certbot: str | None = None
    """Image reference; null: the source's image."""
    grafana: str | None = None
    """Image reference; null: the vendor's image."""

    @property
    def effective_source(self) -> ImageSource:
        """The stack's image source, else this machine's."""
        return self.source or resolve_source()

    def reference(self, name: str) -> str:
        """Return the image that runs for one part, e.g. postgres."""
        own: str | None = getattr(self, name)
        return own or image_reference(name, self.effective_source)
