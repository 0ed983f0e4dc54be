"""How much disk the vendors' images take."""

from components.images.catalog import IMAGES, OFFICIAL_ONLY
from components.images.reference import ImageReference

UNPACKED_GIB = {
    "litellm": 2.0,
    "postgres": 0.45,
    "redis": 0.12,
    "haproxy": 0.11,
    "prometheus": 0.3,
    "postgres_exporter": 0.05,
    "redis_exporter": 0.05,
    "grafana": 0.9,
    "blackbox_exporter": 0.03,
    "certbot": 0.2,
}
"""Estimated size of each image's layers on disk. Rounded up: too little would end an update in the middle."""
WITH_LAYERS = 1.4
"""Docker 29 and newer keep the compressed layers beside the unpacked ones."""
UNKNOWN_GIB = 0.5
"""Of an image that is not in the catalogue."""


def pulled_gib(reference: str) -> float:
    """Return the disk that an image takes once it is pulled, in GiB."""
    repository = ImageReference.parse(reference).repository
    official = {name: image.official for name, image in IMAGES.items()} | OFFICIAL_ONLY
    names = (name for name, other in official.items() if ImageReference.parse(other).repository == repository)
    return UNPACKED_GIB.get(next(names, ""), UNKNOWN_GIB) * WITH_LAYERS
