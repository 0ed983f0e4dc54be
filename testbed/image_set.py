"""A set of images that every gateway of a test run has: GATEWAY_TEST_IMAGES names its file.

The file is YAML, as `gateway:images` in a stack file. The gateways are stacks of their own: the name of the file begins
their names.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

VARIABLE = "GATEWAY_TEST_IMAGES"
IMAGES = "gateway:images"


def stack_name(stack: str) -> str:
    """Return the name of a test's stack: with the set's name before it, such as official-smoke."""
    return f"{Path(file).stem}-{stack}" if (file := os.environ.get(VARIABLE)) else stack


def with_images(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stack's configuration with the images of the set; an image that it names itself stays."""
    if not (file := os.environ.get(VARIABLE)):
        return dict(config)
    return {**config, IMAGES: {**yaml.safe_load(Path(file).read_text()), **config.get(IMAGES, {})}}
