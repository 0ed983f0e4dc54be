"""Images that are built of recipes, over those that `bootstrap/run` builds."""

from pathlib import Path

from docker.errors import BuildError, ImageNotFound

from bootstrap.offline.image_build import context
from components.engine.connection.client import connect
from components.images.built import built_reference

LITELLM_PYTHON = Path(__file__).with_name("images") / "litellm_python"
VENDOR_PYTHON = "3.13"
"""The Python of LiteLLM's own image (BerriAI/litellm, Dockerfile)."""


def build(folder: Path, reference: str, arguments: dict[str, str], *, recipe: str = "Dockerfile") -> str:
    """Build a recipe over the host's network; return the image's reference.

    Args:
        folder: the build context.
        reference: the name that the image gets.
        arguments: of the recipe; BASE is the image that it starts from.
        recipe: the path of the recipe, absolute or below the folder.

    Raises:
        SystemExit: when its base is not built, or a step fails.
    """
    try:
        connect().images.build(
            path=str(folder), dockerfile=recipe, tag=reference, buildargs=arguments, network_mode="host", rm=True
        )
    except ImageNotFound as error:
        raise SystemExit(f"{arguments['BASE']} is not built: GATEWAY_IMAGE_SOURCE=built bootstrap/run") from error
    except BuildError as error:
        log = "".join(line.get("stream", "") for line in error.build_log)
        raise SystemExit(f"{reference} does not build: {error}\n{log}") from error
    return reference


def litellm_under_vendor_python() -> str:
    """Build LiteLLM as it is built here, but under the vendor's Python; return the image's reference."""
    recipe, base = LITELLM_PYTHON / "Dockerfile", built_reference("litellm")
    reference = f"localhost/testbed/{LITELLM_PYTHON.name}:{VENDOR_PYTHON}"
    with context("litellm") as folder:
        return build(folder, reference, {"BASE": base, "PYTHON": VENDOR_PYTHON}, recipe=str(recipe))
