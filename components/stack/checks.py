"""The checks that no part can make alone: images against the stack's policy, and sizes against each other."""

from components.edge import certificate
from components.images.advisories import unsafe
from components.images.policy import POSTGRES_NUMBERS, unpinned
from components.images.source import ImageSource
from components.stack import sizing
from components.stack.parts import image_names
from components.stack.settings import Settings


def refusals(stack: Settings) -> list[str]:
    """Return a sentence for each reason that a stack must not run.

    Raises:
        ValueError: when the source of its images is not decided.
    """
    return [*_images(stack), *sizing.check(stack).refusals]


def warnings(stack: Settings) -> list[str]:
    """Return a sentence for each risk of a stack that may run."""
    keys = [
        f"model {model} has no key: `pulumi config set --secret --path 'gateway:provider_keys.{key}'`"
        for model, key in stack.missing_keys.items()
    ]
    pem = stack.edge_certificate
    expiry = certificate.warning(pem.get_secret_value()) if pem else None
    return [*keys, *sizing.check(stack).warnings, *([expiry] if expiry else [])]


def _images(stack: Settings) -> list[str]:
    if stack.has_grafana and not stack.images.grafana and stack.images.effective_source is ImageSource.BUILT:
        return ["monitoring.grafana.enabled: no image of Grafana is built here; set images.grafana, or null"]
    found = []
    for name in image_names(stack):
        numbers = POSTGRES_NUMBERS if name == "postgres" else 3
        if fault := unpinned(stack.images.reference(name), stack.images.pinning, numbers):
            found.append(f"images.{name}: {fault}")
    if fault := unsafe(stack.images.reference("litellm")):
        found.append(f"images.litellm: {fault}")
    return found
