"""From a machine's facts to the steps that make it ready. Pure: nothing here asks or changes the machine."""

from collections.abc import Mapping

from bootstrap.engine import StartEngine
from bootstrap.image_build import BASE_SYSTEM, BuildImage, MakeBaseSystem
from bootstrap.image_source import RecordImageSource, decide
from bootstrap.machine import Engine, Machine, Part, Reach
from bootstrap.passphrase import MakePassphrase
from bootstrap.pulumi import apt_install, source_steps, vendor_steps
from bootstrap.shell import Command
from bootstrap.step import Lane, Step, Work
from components.images.catalog import BASE, IMAGES, ImageSource

FREE_GIB_TO_RUN = 3.0
FREE_GIB_FOR_IMAGES = 3.0
"""More, while images are built: they and the stages they are built from."""
FREE_GIB_FOR_GO = 4.0
"""More, while Pulumi is compiled: Go's modules and build cache."""


class Refusal(Exception):
    """This machine cannot be made ready; the message is one sentence that names the cure."""


def plan(machine: Machine, recipes: Mapping[str, str]) -> list[Step]:
    """Give what this machine lacks, in order within each lane; empty when it lacks nothing.

    Args:
        machine: what is there.
        recipes: reference each recipe of bootstrap/images builds, the base included, by name.

    Raises:
        Refusal: when something is missing that bootstrap cannot provide here.
    """
    engine = engine_steps(machine)
    images = image_steps(machine, recipes) if decide(machine).source is ImageSource.BUILT else []
    pulumi = pulumi_steps(machine)
    refuse_without_space(machine, [*images, *pulumi])
    return [*state_steps(machine), *engine, *images, *pulumi]


def state_steps(machine: Machine) -> list[Step]:
    """Passphrase and image source: made once for this checkout."""
    steps = []
    if not machine.passphrase:
        steps.append(_step("passphrase", "no .passphrase yet; it encrypts the stacks' secrets", MakePassphrase()))
    if not (machine.image_source_override or machine.image_source_recorded):
        decision = decide(machine)
        reason = f"images are {decision.source} on this machine: {decision.reason}"
        steps.append(_step("image-source", reason, RecordImageSource(decision.source)))
    return steps


def engine_steps(machine: Machine) -> list[Step]:
    """Docker engine: used as it is when it answers, else started, else installed and started."""
    if machine.engine is Engine.ANSWERS:
        return []
    if machine.docker_host:
        raise Refusal(f"DOCKER_HOST={machine.docker_host} does not answer: start that engine or unset DOCKER_HOST")
    if machine.engine is Engine.DENIED:
        raise Refusal(
            "this user may not use the Docker engine: add it to the group docker "
            "(sudo usermod -aG docker $USER, then log in again) or run bootstrap/run as root"
        )
    start = _step("engine-start", "no Docker engine answers", StartEngine(machine.systemd))
    if machine.engine is Engine.STOPPED:
        if not machine.root:
            raise Refusal("the Docker engine is installed but stopped: start it (sudo systemctl start docker)")
        return [start]
    if not machine.root:
        raise Refusal("no Docker engine answers, and installing one needs root: run bootstrap/run as root once")
    if not machine.debian_like:
        raise Refusal("no Docker engine answers: install Docker Engine (https://docs.docker.com/engine/install)")
    install = _step("engine", "no Docker engine is installed", *apt_install("docker.io", "iptables"))
    return [install, start]


def image_steps(machine: Machine, recipes: Mapping[str, str]) -> list[Step]:
    """Missing images and, under them, the base; nothing when all are there."""
    missing = [name for name in IMAGES if recipes[name] not in machine.images]
    if not missing:
        return []
    return [*base_steps(machine, recipes[BASE]), *(image_step(name, recipes[name]) for name in missing)]


def base_steps(machine: Machine, reference: str) -> list[Step]:
    """Debian base of the built images, with debootstrap where it has to be made."""
    if reference in machine.images:
        return []
    build = _step("image-debian", f"the base of all images is missing: {reference}", BuildImage(BASE, reference))
    if BASE_SYSTEM in machine.images:
        return [build]
    if not machine.root:
        raise Refusal("building images needs root for debootstrap: run bootstrap/run as root once")
    steps = []
    if "debootstrap" not in machine.commands:
        if not machine.debian_like:
            raise Refusal("building images needs debootstrap: install it, or set GATEWAY_IMAGE_SOURCE=official")
        packages = ("debootstrap", "debian-archive-keyring")
        steps.append(_step("debootstrap", "debootstrap makes the base of all images", *apt_install(*packages)))
    return [*steps, _step("base-system", f"no {BASE_SYSTEM}", MakeBaseSystem()), build]


def image_step(name: str, reference: str) -> Step:
    """Build one image."""
    image = IMAGES[name]
    arguments = ((image.build_argument, image.version),) if image.build_argument else ()
    return _step(f"image-{name}", f"no {reference}", BuildImage(name, reference, arguments))


def pulumi_steps(machine: Machine) -> list[Step]:
    """Missing parts of Pulumi, from the vendor where it is reachable, else from Go modules."""
    missing = tuple(part for part in Part if part not in machine.pulumi)
    if not missing:
        return []
    if machine.vendors is not Reach.REACHABLE:
        return source_steps(missing, machine.go)
    curl = "curl" in machine.commands
    if not curl and not (machine.root and machine.debian_like):
        raise Refusal("Pulumi's installer needs curl: install curl")
    return vendor_steps(missing, curl=curl)


def refuse_without_space(machine: Machine, steps: list[Step]) -> None:
    """Refuse before half of an image fills the disk."""
    work = [work for step in steps for work in step.work]
    needed = FREE_GIB_TO_RUN
    needed += FREE_GIB_FOR_IMAGES if any(isinstance(each, BuildImage) for each in work) else 0
    needed += FREE_GIB_FOR_GO if any(isinstance(each, Command) and "build" in each.argv for each in work) else 0
    if machine.free_gib < needed:
        raise Refusal(
            f"{machine.free_gib:.1f} GiB are free where Docker or this project keeps its files, "
            f"and {needed:.0f} GiB are needed: free some space (docker system df shows Docker's)"
        )


def _step(name: str, reason: str, *work: Work) -> Step:
    return Step(name, reason, Lane.DOCKER, work)
