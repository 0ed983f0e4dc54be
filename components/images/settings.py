"""Which images a stack runs."""

from components.images.catalog import ImageSource, image_reference, resolve_source
from components.images.policy import Pinning
from components.settings.base import Section


class ImageSettings(Section):
    """Which images run."""

    source: ImageSource | None = None
    """`official`: the vendors' images; `built`: made by bootstrap from Debian, PyPI and npm; null: what bootstrap
    chose for this machine and wrote to .cache/image-source."""
    pinning: Pinning = Pinning.ANY
    """How exactly an image must be named: any tag, a full version, or a digest."""
    litellm: str | None = None
    """Image reference; null: the one of the source."""
    postgres: str | None = None
    """Image reference; null: the one of the source."""
    redis: str | None = None
    """Image reference; null: the one of the source."""
    haproxy: str | None = None
    """Image reference; null: the one of the source."""
    prometheus: str | None = None
    """Image reference; null: the one of the source."""
    postgres_exporter: str | None = None
    """Image reference; null: the one of the source."""
    redis_exporter: str | None = None
    """Image reference; null: the one of the source."""
    grafana: str | None = None
    """Image reference; null: the vendor's."""

    @property
    def effective_source(self) -> ImageSource:
        """The stack's source, else this machine's."""
        return self.source or resolve_source()

    def reference(self, name: str) -> str:
        """Give the image that runs for one part, e.g. postgres."""
        own: str | None = getattr(self, name)
        return own or image_reference(name, self.effective_source)
