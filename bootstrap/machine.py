"""Facts about a machine, from which the plan is made."""

from dataclasses import dataclass
from enum import StrEnum

from components.engine.connection.endpoint import DEFAULT, Endpoint
from components.images.source import ImageSource


class EngineState(StrEnum):
    """State of the Docker engine, as this user sees it."""

    ANSWERS = "answers"
    DENIED = "denied"
    """Its socket exists, but this user may not open it."""
    STOPPED = "stopped"
    """dockerd is installed; nothing answers."""
    MISSING = "missing"
    REFUSED = "refused"
    """It is none that this project uses; `Machine.refusal` says why."""


class Reachability(StrEnum):
    """Whether a site answers over HTTPS."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    NOT_CHECKED = "not checked"
    """No step depends on it."""


class PulumiPart(StrEnum):
    """A part of Pulumi that this project needs."""

    CLI = "pulumi"
    LANGUAGE_HOST = "pulumi-language-python"
    DOCKER_PLUGIN = "docker"
    RANDOM_PLUGIN = "random"


@dataclass(frozen=True)
class Machine:
    """The facts about one machine at one moment."""

    distribution: str
    """ID of os-release: debian, ubuntu …"""
    release: str
    """VERSION_CODENAME of os-release: bookworm, noble …; empty when unknown."""
    root: bool
    systemd: bool
    engine: EngineState
    free_gib: float
    """Least free space, in GiB, of Docker's and this project's file systems."""
    commands: frozenset[str]
    """Which of curl, debootstrap, the browsers and the programs of a test cluster are installed."""
    go: str | None
    """Path of a Go that is recent enough; None when there is none."""
    pulumi: frozenset[PulumiPart]
    """Installed parts of Pulumi, at the pinned versions."""
    vendors: Reachability
    """Pulumi's download site."""
    registries: Reachability
    """The image registries, all of them."""
    image_source_override: ImageSource | None
    """Value of GATEWAY_IMAGE_SOURCE."""
    image_source_recorded: ImageSource | None
    """Content of .cache/image-source."""
    images: frozenset[str]
    """References of this project's images that the engine holds, built and official ones."""
    passphrase: bool
    """.passphrase exists, or the environment gives another one."""
    family: tuple[str, ...] = ()
    """ID_LIKE of os-release: the distributions that this one is made from."""
    endpoint: Endpoint = DEFAULT
    """Where the engine is asked."""
    refusal: str | None = None
    """Why the engine is not used; None when it may be."""

    @property
    def debian_like(self) -> bool:
        """Whether apt installs Docker and debootstrap here."""
        return bool({"debian", "ubuntu"} & {self.distribution, *self.family})
