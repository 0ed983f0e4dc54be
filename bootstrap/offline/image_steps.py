"""Which images are missing, and the steps that build them."""

from collections.abc import Mapping

from bootstrap.errors import BootstrapError
from bootstrap.execution.step import Action, Lane, Step
from bootstrap.machine import Machine
from bootstrap.offline.image_build import BASE_SYSTEM, BuildImage, MakeBaseSystem
from bootstrap.steps.apt import apt_install
from components.images.built import BASE
from components.images.catalog import IMAGES


def image_steps(machine: Machine, recipes: Mapping[str, str]) -> list[Step]:
    """Return the steps that build the missing images and their base; none when no image is missing.

    Args:
        machine: what is there.
        recipes: by name, the reference that each recipe builds, the base included.

    Raises:
        BootstrapError: when the base has to be built and debootstrap cannot run here.
    """
    missing = [name for name in IMAGES if recipes[name] not in machine.images]
    if not missing:
        return []
    builds = (_step(f"image-{name}", f"no {recipes[name]}", BuildImage(name, recipes[name])) for name in missing)
    return [*_base_steps(machine, recipes[BASE]), *builds]


def _base_steps(machine: Machine, reference: str) -> list[Step]:
    if reference in machine.images:
        return []
    build = _step("image-debian", f"the base of all images is missing: {reference}", BuildImage(BASE, reference))
    if BASE_SYSTEM in machine.images:
        return [build]
    if not machine.root:
        raise BootstrapError("building images needs root for debootstrap: run bootstrap/run as root once")
    steps = []
    if "debootstrap" not in machine.commands:
        if not machine.debian_like:
            raise BootstrapError("building images needs debootstrap: install it, or set GATEWAY_IMAGE_SOURCE=official")
        packages = ("debootstrap", "debian-archive-keyring")
        steps.append(_step("debootstrap", "debootstrap makes the base of all images", *apt_install(*packages)))
    return [*steps, _step("base-system", f"no {BASE_SYSTEM}", MakeBaseSystem()), build]


def _step(name: str, reason: str, *actions: Action) -> Step:
    return Step(name, reason, Lane.DOCKER, actions)
