"""Decides once for a machine whether its images are pulled or built, and records the decision."""

from dataclasses import dataclass

from bootstrap.execution.record import Record
from bootstrap.machine import Machine, Reachability
from components.images.catalog import official_references
from components.images.source import SOURCE_FILE, SOURCE_VARIABLE, ImageSource

OVERRULE = f"`rm .cache/image-source` and run it again, or set {SOURCE_VARIABLE}=official"


@dataclass(frozen=True)
class Decision:
    """An image source and the reason for it."""

    source: ImageSource
    reason: str


def decide(machine: Machine) -> Decision:
    """Return the environment's image source, else the recorded one, else official where the registries answer."""
    if machine.image_source_override:
        return Decision(machine.image_source_override, f"{SOURCE_VARIABLE} says so")
    if machine.image_source_recorded:
        return Decision(machine.image_source_recorded, ".cache/image-source says so")
    if machine.registries is Reachability.REACHABLE:
        return Decision(ImageSource.OFFICIAL, "the image registries answer")
    if set(official_references()) <= machine.images:
        return Decision(ImageSource.OFFICIAL, "the engine holds every official image")
    return Decision(ImageSource.BUILT, f"the image registries did not answer; if they should have: {OVERRULE}")


def record(source: ImageSource) -> Record:
    """Return what writes a decision down. Where the file is deleted, the next run decides again."""
    return Record(f"{source}\n", (SOURCE_FILE,))
