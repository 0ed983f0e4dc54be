"""Packages of Debian and Ubuntu."""

from bootstrap.execution.shell import Command
from bootstrap.execution.step import Action


def apt_install(*packages: str) -> tuple[Action, ...]:
    """Return the commands that install packages; they wait up to two minutes for another apt to end."""
    wait = ("-q", "-o", "DPkg::Lock::Timeout=120")
    return (
        Command(("apt-get", *wait, "update")),
        Command(
            ("apt-get", *wait, "install", "-y", "--no-install-recommends", *packages),
            (("DEBIAN_FRONTEND", "noninteractive"),),
        ),
    )
