"""Images that tests and benchmarks build from recipes, over those that `bootstrap/run` builds."""

from pathlib import Path

from docker.errors import BuildError, ImageNotFound

from bootstrap.offline.image_build import context
from components.engine.connection.client import connect
from components.images.built import built_reference

LITELLM_PYTHON = Path(__file__).with_name("images") / "litellm_python"
VENDOR_PYTHON = "3.13"
"""The Python of LiteLLM's own image (BerriAI/litellm, Dockerfile)."""


class RecipeError(Exception):
    """An image cannot be built; the text says why."""


def build(folder: Path, reference: str, base: str, *, recipe: str = "Dockerfile", **arguments: str) -> str:
    """Build an image over the host's network; return its reference.

    Args:
        folder: the build context.
        reference: the name that the image gets.
        base: the image that it starts from, which the recipe calls BASE.
        recipe: the path of the recipe, absolute or below the folder.
        arguments: others of the recipe.

    Raises:
        RecipeError: when the base is not built, or a step fails.
    """
    images = connect().images
    try:
        images.get(base)
        images.build(
            path=str(folder), dockerfile=recipe, tag=reference, buildargs={"BASE": base, **arguments},
            network_mode="host", rm=True, forcerm=True,
        )  # fmt: skip
    except ImageNotFound as error:
        raise RecipeError(f"{base} is not built: GATEWAY_IMAGE_SOURCE=built bootstrap/run") from error
    except BuildError as error:
        log = "".join(line.get("stream", "") for line in error.build_log)
        raise RecipeError(f"{reference} does not build: {error}\n{log}") from error
    return reference


def litellm_under_vendor_python() -> str:
    """Build LiteLLM as it is built here, but under the vendor's Python; return the image's reference.

    Raises:
        RecipeError: when it cannot be built.
    """
    reference = f"localhost/testbed/{LITELLM_PYTHON.name}:{VENDOR_PYTHON}"
    with context("litellm") as folder:
        base, recipe = built_reference("litellm"), str(LITELLM_PYTHON / "Dockerfile")
        return build(folder, reference, base, recipe=recipe, PYTHON=VENDOR_PYTHON)
