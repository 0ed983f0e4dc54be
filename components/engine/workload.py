"""A container as data: what to run, not how. Components describe workloads; an engine runs them; tests compare them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

import pulumi

CONFIG_FOLDER = "/etc/gateway"
"""Where a workload finds its configuration files. They hold no secret, so previews show them line by line."""

PROGRAMS_FOLDER = "/opt/gateway"
"""Where a workload finds programs of this project. Apart from the configuration: a carrier's files are compared as one
set, and a preview would show a whole config.yaml instead of its changed lines."""

SECRETS_FOLDER = "/run/secrets"
"""Where a workload finds its secrets. Files, because `docker inspect` and `ps` show environment and arguments."""

FileTexts = Mapping[str, pulumi.Input[str]]
"""File name → text."""

NOTHING: Mapping[str, str] = MappingProxyType({})


class Network(Enum):
    """Which private network a workload joins."""

    DATA = "data"
    """Postgres and Redis with those that use them; no way out of the host."""
    FRONT = "front"
    """The edge, the replicas and the way out to the providers."""


class Replacement(Enum):
    """What happens to the old container when a new one is due."""

    CREATE_BEFORE_DELETE = "create-before-delete"
    """The new one becomes healthy beside the old. For workloads without a fixed host port or an exclusive volume."""
    DELETE_BEFORE_CREATE = "delete-before-create"
    """The old one stops first: it holds a volume or a host port that only one may hold."""


@dataclass(frozen=True)
class HealthCheck:
    """How the engine tells a healthy container. All times in seconds."""

    command: tuple[str, ...]
    """Docker's form: ("CMD", program, argument, …) or ("CMD-SHELL", line)."""
    interval: int = 5
    timeout: int = 5
    retries: int = 3
    start_period: int = 60
    """Failures within it do not count."""
    deadline: int = 120
    """An update fails when a new container is not healthy by then."""


@dataclass(frozen=True)
class Port:
    """A port of the container published on the host."""

    internal: int
    external: int
    address: str
    setting: str
    """Name of the setting that holds `external`, for messages."""
    section: str = "edge"
    """Group of settings that it stands in."""


@dataclass(frozen=True)
class Volume:
    """A named volume, mounted read-write."""

    name: pulumi.Input[str]
    path: str


@dataclass(frozen=True)
class Workload:
    """One long-running container."""

    name: str
    """Resource name and network alias are made of it, e.g. `postgres`."""
    alias: str
    """DNS name on its networks. Replicas share one."""
    image: str
    """Image reference: `name:tag` or `name:tag@sha256:…`."""
    user: str
    """uid:gid inside the container; never root."""
    networks: tuple[Network, ...]
    memory: int
    """Limit in MiB; swap is not added to it."""
    health: HealthCheck
    stop_seconds: int
    """Time to finish work after the stop signal, before the kill."""
    replacement: Replacement
    cpu_shares: int = 1024
    """Weight, where containers want more processor time than there is
    (https://docs.docker.com/engine/containers/resource_constraints/): what replicas need has more than they."""
    cpu_set: str | None = None
    """Processors of the host that it may use, e.g. `0-3`; None: all."""
    cgroup_parent: str | None = None
    """Cgroup that the container's own stands in; None: Docker's, with all other containers."""
    processes: int = 4096
    """Processes and threads that its user may have, counted over the whole host: the provider knows no limit of a
    container's own."""
    entrypoint: tuple[str, ...] = ()
    """Replaces the image's own when given."""
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Never a secret."""
    config: FileTexts = field(default_factory=lambda: NOTHING)
    """Files in CONFIG_FOLDER."""
    programs: FileTexts = field(default_factory=lambda: NOTHING)
    """Files in PROGRAMS_FOLDER."""
    secrets: FileTexts = field(default_factory=lambda: NOTHING)
    """Files in SECRETS_FOLDER."""
    volumes: tuple[Volume, ...] = ()
    tmpfs: tuple[str, ...] = ("/tmp",)  # noqa: S108 - inside the container
    """The only writable folders beside the volumes: the root file system is read-only."""
    ports: tuple[Port, ...] = ()
    host_gateway: bool = False
    """Whether `host.docker.internal` names the host, for providers that run beside the gateway."""


def http_get(url: str, timeout: int) -> tuple[str, ...]:
    """Give a health check's command that asks a URL, for images with Python but neither curl nor wget.

    What it prints goes to the container's health log: one line, not a traceback.
    """
    program = (
        "import sys, urllib.request\n"
        f"try: urllib.request.urlopen({url!r}, timeout={timeout})\n"
        "except OSError as error: sys.exit(str(error))"
    )
    return ("CMD", "python3", "-c", program)
