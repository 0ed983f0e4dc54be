"""What only a machine needs that cannot reach Pulumi's site or the image registries.

Pulumi is built from Go modules (`go/`), the images from Debian, PyPI and npm packages (`images/`). The rest of
bootstrap uses the names below and nothing else of this folder.
"""

from bootstrap.offline.image_steps import image_steps
from bootstrap.offline.kubernetes_build import built_plugin as built_kubernetes_plugin
from bootstrap.offline.pulumi_build import pulumi_steps
from bootstrap.offline.toolchain import find_go

IMAGES_GIB = 3.0
"""Free disk that building images takes, their build stages included."""
PULUMI_GIB = 4.0
"""Free disk that building Pulumi takes: Go's modules and build cache."""

__all__ = [
    "IMAGES_GIB",
    "PULUMI_GIB",
    "built_kubernetes_plugin",
    "find_go",
    "image_steps",
    "pulumi_steps",
]
