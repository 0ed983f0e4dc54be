"""What runs, as data: services and jobs. Components describe them; an engine runs them; tests compare them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

import pulumi

CONFIG_FOLDER = "/etc/gateway"
"""Where a container finds its configuration files. They hold no secret, so a preview shows them line by line."""

PROGRAMS_FOLDER = "/opt/gateway"
"""Where a container finds programs of this project. Kept apart from the configuration: a preview compares the files of
one folder as one set, and a changed program would hide which line of config.yaml changed."""

SECRETS_FOLDER = "/run/secrets"
"""Where a container finds its secrets. They are files because `docker inspect` and `ps` show environment and
arguments."""

LOOPBACK = "127.0.0.1"
HOST_GATEWAY = "host.docker.internal"
"""Name of the host inside a container that may reach it."""

FileTexts = Mapping[str, pulumi.Input[str]]
"""File name → text."""

EMPTY: Mapping[str, str] = MappingProxyType({})


class Network(Enum):
    """A private network of the stack."""

    DATA = "data"
    """Postgres, Redis and those that use them. No way out of the host."""
    FRONT = "front"
    """The edge, the replicas, and the way out to the providers."""


class Replacement(Enum):
    """The order in which a changed service is replaced."""

    CREATE_BEFORE_DELETE = "create-before-delete"
    """The new container becomes healthy beside the old one. For services that share no host port and no volume
    but with each other."""
    DELETE_BEFORE_CREATE = "delete-before-create"
    """The old container stops first, because it holds a host port or a volume that only one may hold."""


@dataclass(frozen=True)
class HttpGet:
    """A request that has to be answered with success."""

    port: int
    path: str


@dataclass(frozen=True)
class TcpSocket:
    """A connection that has to be accepted."""

    port: int


@dataclass(frozen=True)
class HealthCheck:
    """How the engine decides that a container is healthy. All times are in seconds."""

    command: tuple[str, ...]
    """Docker's form: ("CMD", program, argument, …) or ("CMD-SHELL", line)."""
    request: HttpGet | None = None
    """The same question from outside the container, where it listens for others. Kubernetes asks this instead: a
    command is a process each time, and those of one stack kept a processor busy."""
    interval: int = 5
    """Between two of Kubernetes' probes."""
    command_interval: int = 5
    """Between two of Docker's runs of the command. It starts the first after this time, and each takes some 70 ms of a
    processor: 10 where no other part waits for this one."""
    timeout: int = 5
    retries: int = 3
    start_period: int = 60
    """Failures in this time do not count."""
    deadline: int = 120
    """An update fails when a new container is not healthy by then."""


@dataclass(frozen=True)
class Probe:
    """What Kubernetes asks a container beside its health check. All times are in seconds."""

    request: HttpGet | TcpSocket
    interval: int = 10
    timeout: int = 10
    retries: int = 3


@dataclass(frozen=True)
class Autoscaling:
    """How many containers of a replicated service run: the number that it has, or more while they carry much."""

    max_replicas: int
    query: str
    """PromQL: what all containers carry together."""
    target: int
    """What one of them should carry."""
    prometheus_url: str
    """Which Prometheus is asked."""
    scale_down_delay: int
    """Seconds that fewer containers must have been enough before one stops."""


@dataclass(frozen=True)
class Port:
    """A port of a container that is published on the host."""

    internal: int
    external: int
    address: str
    setting: str
    """Path of the setting that holds `external`, such as `edge.proxy_port`. Error messages name it."""


@dataclass(frozen=True)
class DataVolume:
    """A volume in which a part keeps its data."""

    name: str
    """Name of the resource, such as `postgres-data`."""
    size_gib: int
    """Size where the engine's volumes have one, and no setting names another."""


@dataclass(frozen=True)
class Volume:
    """A named volume, mounted read-write."""

    name: pulumi.Input[str]
    path: str


CPU_SHARES = 1024
"""Docker's own default."""
JOB_CPU_SHARES = 256
"""Less than a replica's: requests go on while a job works."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What a service and a job have in common."""

    name: str
    """Name of the resource, such as `postgres`."""
    alias: str
    """DNS name on the networks. Replicas share one."""
    image: str
    """Image reference: `name:tag` or `name:tag@sha256:…`."""
    user: str
    """uid:gid inside the container; never root."""
    networks: tuple[Network, ...]
    memory_mib: int
    """Memory limit. Swap is not added to it."""
    stop_timeout: int
    """Seconds between the stop signal and the kill."""
    cpu_shares: int = CPU_SHARES
    """Weight when containers compete for processors
    (https://docs.docker.com/engine/containers/resource_constraints/). What replicas depend on weighs more."""
    cpuset: str | None = None
    """Processors of the host that it may use, such as `0-3`; None: all."""
    cgroup_parent: str | None = None
    """Parent of the container's cgroup; None: Docker's own."""
    processes: int = 4096
    """Most processes and threads of its user, counted over the whole host: the provider has no limit for a single
    container."""
    entrypoint: tuple[str, ...] = ()
    """Replaces the image's own when given."""
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Never a secret."""
    config: FileTexts = field(default_factory=lambda: EMPTY)
    """Files in CONFIG_FOLDER."""
    programs: FileTexts = field(default_factory=lambda: EMPTY)
    """Files in PROGRAMS_FOLDER."""
    secrets: FileTexts = field(default_factory=lambda: EMPTY)
    """Files in SECRETS_FOLDER."""
    files_name: str | None = None
    """Workloads with the same name here share their files, all of them; None: `alias`, as replicas do."""
    volumes: tuple[Volume, ...] = ()
    tmpfs: tuple[str, ...] = ("/tmp",)  # noqa: S108 - inside the container
    """The only writable folders beside the volumes: the root file system is read-only."""
    labels: Mapping[str, pulumi.Input[str]] = field(default_factory=lambda: EMPTY)
    """More labels than the engine's own (`components/engine/labels.py`)."""
    host_gateway: bool = False
    """Whether HOST_GATEWAY names the host, for providers that run on it."""


@dataclass(frozen=True, kw_only=True)
class Service(Workload):
    """One container that runs until it is stopped."""

    health: HealthCheck
    replacement: Replacement
    ports: tuple[Port, ...] = ()
    """Where clients of the stack connect."""
    listens: tuple[int, ...] = ()
    """Ports at which other parts of the stack connect to any container of its alias. Docker opens all of them."""
    ingress_namespaces: tuple[str, ...] = ()
    """Namespaces of a cluster whose pods may connect to `listens` too."""
    autoscaling: Autoscaling | None = None
    """For Kubernetes alone; None: the number of replicas is fixed."""
    scaled_before: bool = False
    """Whether an autoscaler has chosen the number of replicas at some time. An update takes it back."""
    discovery: Probe | None = None
    """How Kubernetes decides that a container, healthy once, is found by its alias; None: it is found from its start.
    Never what fails for the fault of another part. Docker finds every container that runs."""
    liveness: Probe | None = None
    """How Kubernetes decides that a container must be restarted, although it runs; None: it never must. Docker restarts
    what has ended alone. Never the same as `health` where that fails for the fault of another part."""


@dataclass(frozen=True, kw_only=True)
class Job(Workload):
    """One container that runs once and ends. A changed job runs again."""

    timeout: int
    """Seconds after which its own command ends it. An update waits that long."""
    cpu_shares: int = JOB_CPU_SHARES


def request_command(request: HttpGet, timeout: int) -> tuple[str, ...]:
    """Return a health check's command that makes the request, for images with Python but neither curl nor wget.

    It loads no HTTP client, which would take four times the processor time. Its output goes to the container's health
    log: one line, not a traceback.
    """
    program = (
        "import socket, sys\n"
        "try:\n"
        f" with socket.create_connection(({LOOPBACK!r}, {request.port}), {timeout}) as server:\n"
        f"  server.sendall(b'GET {request.path} HTTP/1.0\\r\\n\\r\\n')\n"
        "  status = server.makefile().readline().strip()\n"
        "except OSError as error: sys.exit(str(error))\n"
        "sys.exit(None if ' 200 ' in status else status or 'no answer')"
    )
    return ("CMD", "python3", "-I", "-S", "-c", program)
