"""What is true of a machine before bootstrap changes it: plain facts that the plan is made from."""

from dataclasses import dataclass
from enum import StrEnum

from components.images.catalog import ImageSource


class Engine(StrEnum):
    """State of the Docker engine, as a client of it sees it."""

    ANSWERS = "answers"
    DENIED = "denied"
    """Its socket exists, but this user may not open it."""
    STOPPED = "stopped"
    """dockerd is installed; nothing answers."""
    MISSING = "missing"


class Reach(StrEnum):
    """Whether a site answers over HTTPS."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    UNASKED = "unasked"
    """Nothing to be done depends on it."""


class Part(StrEnum):
    """A part of Pulumi this project needs."""

    CLI = "pulumi"
    LANGUAGE_HOST = "pulumi-language-python"
    DOCKER_PLUGIN = "docker"
    RANDOM_PLUGIN = "random"


@dataclass(frozen=True)
class Machine:
    """One machine's facts, seen at one moment."""

    distribution: str
    """ID of os-release: debian, ubuntu …"""
    release: str
    """VERSION_CODENAME of os-release: bookworm, noble …; empty when unknown."""
    root: bool
    systemd: bool
    engine: Engine
    docker_host: str | None
    """DOCKER_HOST; None means the local socket."""
    free_gib: float
    """Least free space, in GiB, of Docker's and this project's file systems."""
    commands: frozenset[str]
    """Which of curl, debootstrap and the browsers are installed."""
    go: str | None
    """Path of a Go that is recent enough; None when there is none."""
    pulumi: frozenset[Part]
    """Installed parts of Pulumi, at the pinned versions."""
    vendors: Reach
    """Pulumi's download site."""
    registries: Reach
    """The image registries, all of them."""
    image_source_override: ImageSource | None
    """What GATEWAY_IMAGE_SOURCE says for this run."""
    image_source_recorded: ImageSource | None
    """What .cache/image-source says."""
    images: frozenset[str]
    """References under localhost/gateway/ that the engine holds."""
    passphrase: bool
    """.passphrase exists."""

    @property
    def debian_like(self) -> bool:
        """Whether apt installs Docker and debootstrap here."""
        return self.distribution in {"debian", "ubuntu"}
