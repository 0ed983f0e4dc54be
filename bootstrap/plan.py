"""Turns a machine's facts into the steps that make it ready. Nothing here asks or changes the machine."""

from collections.abc import Mapping

from bootstrap import offline
from bootstrap.errors import BootstrapError
from bootstrap.execution.step import Action, Lane, Step
from bootstrap.machine import Machine, PulumiPart, Reachability
from bootstrap.steps import image_source, kubernetes
from bootstrap.steps.engine import engine_steps
from bootstrap.steps.passphrase import MakePassphrase
from bootstrap.steps.pulumi import vendor_steps
from components.images.catalog import official_references
from components.images.size import pulled_gib
from components.images.source import ImageSource

FREE_GIB_TO_RUN = 3.0


def plan(machine: Machine, recipes: Mapping[str, str]) -> list[Step]:
    """Return the steps for what this machine lacks, in order within each lane; empty when it lacks nothing.

    Args:
        machine: what is there.
        recipes: by name, the reference that each recipe of bootstrap/offline/images builds, the base included.

    Raises:
        BootstrapError: when something is missing that bootstrap cannot provide here.
    """
    engine = engine_steps(machine)
    images = image_steps(machine, recipes)
    pulumi = pulumi_steps(machine)
    _check_space(machine, builds_images=bool(images), builds_pulumi=bool(pulumi) and not _vendor_answers(machine))
    return [*_checkout_steps(machine), *engine, *images, *pulumi]


def image_steps(machine: Machine, recipes: Mapping[str, str]) -> list[Step]:
    """Return the steps that build the missing images; none where images are pulled."""
    return offline.image_steps(machine, recipes) if image_source.decide(machine).source is ImageSource.BUILT else []


def pulumi_steps(machine: Machine) -> list[Step]:
    """Return the steps that install the missing parts of Pulumi, from its site or, where that is shut, Go modules.

    Raises:
        BootstrapError: when curl is missing and cannot be installed.
    """
    missing = tuple(part for part in PulumiPart if part not in machine.pulumi)
    if not missing:
        return []
    if not _vendor_answers(machine):
        return offline.pulumi_steps(missing, machine.go)
    curl = "curl" in machine.commands
    if not curl and not (machine.root and machine.debian_like):
        raise BootstrapError("Pulumi's installer needs curl: install curl")
    return vendor_steps(missing, curl=curl)


def kubernetes_steps(machine: Machine, installed: kubernetes.Installed) -> list[Step]:
    """Return the steps that install what stacks with `engine: kubernetes` need, on a machine that knows its sites."""
    answers = machine.vendors is Reachability.REACHABLE
    return kubernetes.kubernetes_steps(installed, None if answers else offline.built_kubernetes_plugin(machine.go))


def _vendor_answers(machine: Machine) -> bool:
    return machine.vendors is Reachability.REACHABLE


def _checkout_steps(machine: Machine) -> list[Step]:
    steps = []
    if not machine.passphrase:
        steps.append(_step("passphrase", "no .passphrase yet; it encrypts the stacks' secrets", MakePassphrase()))
    if not (machine.image_source_override or machine.image_source_recorded):
        decision = image_source.decide(machine)
        reason = f"images are {decision.source} on this machine: {decision.reason}"
        steps.append(_step("image-source", reason, image_source.record(decision.source)))
    return steps


def _check_space(machine: Machine, *, builds_images: bool, builds_pulumi: bool) -> None:
    needed = FREE_GIB_TO_RUN + _pulls_gib(machine)
    needed += offline.IMAGES_GIB if builds_images else 0
    needed += offline.PULUMI_GIB if builds_pulumi else 0
    if machine.free_gib < needed:
        raise BootstrapError(
            f"{machine.free_gib:.1f} GiB are free where Docker or this project keeps its files, "
            f"and {needed:.0f} GiB are needed: free some space (docker system df shows Docker's)"
        )


def _pulls_gib(machine: Machine) -> float:
    """Return the disk, in GiB, that the images will take which the first update pulls."""
    if image_source.decide(machine).source is not ImageSource.OFFICIAL:
        return 0.0
    return sum(pulled_gib(reference) for reference in official_references() if reference not in machine.images)


def _step(name: str, reason: str, *actions: Action) -> Step:
    return Step(name, reason, Lane.DOCKER, actions)
