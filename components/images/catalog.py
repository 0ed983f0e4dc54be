"""The image of each part: the vendor's official one, and the version that is built where no registry answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Image:
    """One part's image in both sources."""

    official: str
    """Reference in its vendor's registry, with a pinned tag."""
    version: str
    """Version that the recipe of the same name in bootstrap/offline/images builds; part of the built image's tag."""


IMAGES: dict[str, Image] = {
    "postgres": Image(official="docker.io/library/postgres:15.19-bookworm", version="15"),
    "redis": Image(official="docker.io/library/redis:7.2.16-bookworm", version="7.0"),
    "haproxy": Image(official="docker.io/library/haproxy:3.2.25", version="2.6"),
    "litellm": Image(official="ghcr.io/berriai/litellm:v1.108.14", version="1.108.7"),
    "prometheus": Image(official="docker.io/prom/prometheus:v3.5.5", version="2.42"),
    "postgres_exporter": Image(official="quay.io/prometheuscommunity/postgres-exporter:v0.19.1", version="0.11"),
    # The variant with a shell: its health check needs one.
    "redis_exporter": Image(official="docker.io/oliver006/redis_exporter:v1.80.0-alpine", version="1.45"),
    "blackbox_exporter": Image(official="quay.io/prometheus/blackbox-exporter:v0.27.0", version="0.23"),
    "certbot": Image(official="docker.io/certbot/certbot:v5.8.0", version="2.1"),
}

OFFICIAL_ONLY: dict[str, str] = {"grafana": "docker.io/grafana/grafana:12.4.4"}
"""References of images without a recipe: Debian has no package of them."""


def official_references() -> list[str]:
    """Return the references of all official images."""
    return [*(image.official for image in IMAGES.values()), *OFFICIAL_ONLY.values()]


def find_image(name: str) -> Image:
    """Return one of IMAGES.

    Raises:
        ValueError: when there is no such image.
    """
    if name not in IMAGES:
        raise ValueError(f"image {name!r} is unknown: known are {', '.join(sorted(IMAGES))}")
    return IMAGES[name]
