"""Decides once for a machine whether its images are pulled or built, and records it."""

from dataclasses import dataclass

from bootstrap.machine import Machine, Reach
from bootstrap.shell import Shell
from components.images.catalog import SOURCE_FILE, SOURCE_VARIABLE, ImageSource


@dataclass(frozen=True)
class Decision:
    """An image source and why it is this one."""

    source: ImageSource
    reason: str


def decide(machine: Machine) -> Decision:
    """Choose the image source: the environment's, else the recorded one, else official where the registries answer."""
    if machine.image_source_override:
        return Decision(machine.image_source_override, f"{SOURCE_VARIABLE} says so")
    if machine.image_source_recorded:
        return Decision(machine.image_source_recorded, ".cache/image-source says so")
    if machine.registries is Reach.REACHABLE:
        return Decision(ImageSource.OFFICIAL, "the image registries answer")
    return Decision(ImageSource.BUILT, "the image registries do not answer")


@dataclass(frozen=True)
class RecordImageSource:
    """Write .cache/image-source. Deleting the file lets the next run decide anew."""

    source: ImageSource

    def run(self, shell: Shell) -> None:
        """Write the word."""
        SOURCE_FILE.parent.mkdir(parents=True, exist_ok=True)
        SOURCE_FILE.write_text(f"{self.source}\n")
        shell.write(f"image source: {self.source}\n")

    def __str__(self) -> str:
        return f"write {self.source} to .cache/image-source"
