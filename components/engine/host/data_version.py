"""Whether an image can open what the stack's data stores have written. One that cannot stops an update at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
from docker.errors import DockerException
from docker.models.containers import Container

from components.engine.connection.client import connect
from components.engine.connection.container_exec import run_in_container
from components.engine.host.images import image_id
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.images.reference import ImageReference

Version = tuple[int, int]
"""The first two numbers of a version."""

TIMEOUT_SECONDS = 15

VALKEY = "Valkey"
COMMON_FORMAT: Version = (7, 2)
"""Redis of this version, and Valkey before VALKEY_FORMAT, write the format that both open. What a newer Redis writes no
Valkey opens (RDB_FOREIGN_VERSION_MIN in Valkey's rdb.h)."""
VALKEY_FORMAT: Version = (9, 0)
"""First Valkey that writes a format of its own."""


@dataclass(frozen=True)
class Server:
    """What has written data, or is to open them."""

    product: str
    version: Version

    def __str__(self) -> str:
        return f"{self.product} {dotted(self.version)}"


def same_major(image: Server, data: Server) -> bool:
    """Return whether the image is of the version X of what has written the data."""
    return image.version[0] == data.version[0]


def not_older(image: Server, data: Server) -> bool:
    """Return whether the image is of the version X.Y of what has written the data, or of a newer one."""
    return image.version >= data.version


def redis_format(image: Server, data: Server) -> bool:
    """Return whether the image opens an append-only file. It begins with a snapshot (RDB_VERSION in rdb.h)."""
    if image.product == data.product:
        return not_older(image, data)
    common = data.product == VALKEY and data.version < VALKEY_FORMAT
    written = COMMON_FORMAT if common else data.version
    return written <= COMMON_FORMAT and image.version >= written


@dataclass(frozen=True)
class DataStore:
    """A part that keeps data in a volume."""

    product: str
    command: tuple[str, ...]
    """Prints the version of the running server."""
    opens: Callable[[Server, Server], bool]
    """Whether an image opens what a server has written."""

    def server(self, said: str, name: str) -> Server | None:
        """Return the server of a version in a text; None if the text has none.

        Valkey stands in Redis's place, with the same commands: `name`, that of its image or its own, tells.
        """
        version = version_in(said)
        product = VALKEY if VALKEY.lower() in name.lower() else self.product
        return Server(product, version) if version else None


DATA_STORES = {
    # https://www.postgresql.org/docs/15/upgrading.html
    "postgres": DataStore("PostgreSQL", ("postgres", "--version"), same_major),
    "redis": DataStore("Redis", ("redis-server", "--version"), redis_format),
    # https://prometheus.io/docs/prometheus/latest/migration/
    "prometheus": DataStore("Prometheus", ("prometheus", "--version"), not_older),
}
"""By the name of the part and of its image."""


def check(stack: str, images: Mapping[str, str]) -> None:
    """Refuse images that cannot open the stack's data.

    Raises:
        pulumi.RunError: one line for each; nothing has been changed.
    """
    if found := refusals(running_servers(stack, images), images):
        raise pulumi.RunError("\n".join(found))


def refusals(running: Mapping[str, Server], images: Mapping[str, str]) -> list[str]:
    """Return a sentence for each image that is known not to open what the running server has written."""
    found = []
    for name, data in running.items():
        store, reference = DATA_STORES[name], ImageReference.parse(images[name])
        image = store.server(reference.tag or "", reference.name)
        if image and not store.opens(image, data):
            need = f"a {data.product} {data.version[0]}" if store.opens is same_major else f"{data} or newer"
            found.append(
                f"images.{name}: {images[name]} cannot open what {data} has written for this stack;"
                f" set images.{name} to {need}, such as the image that runs"
            )
    return found


def running_servers(stack: str, images: Mapping[str, str]) -> dict[str, Server]:
    """Return the stack's running data stores whose image the update changes, by name."""
    try:
        client = connect(timeout=TIMEOUT_SECONDS)
        containers = client.containers.list(filters={"label": f"{STACK_LABEL}={stack}"}, ignore_removed=True)
        changed = {
            name: container
            for container in containers
            if (name := container.labels.get(WORKLOAD_LABEL, "")) in DATA_STORES.keys() & images.keys()
            and container.attrs["Image"] != image_id(client, images[name])
        }
        found = {name: _server(container, DATA_STORES[name]) for name, container in changed.items()}
    except (DockerException, OSError):
        # An engine that does not answer has been refused before.
        return {}
    return {name: server for name, server in found.items() if server}


def _server(container: Container, store: DataStore) -> Server | None:
    output = bytearray()
    try:
        status = run_in_container(container, store.command, output.extend, output.extend, TIMEOUT_SECONDS)
    except (DockerException, OSError):
        # A container that hangs, or just ended, has no version to tell; the others do.
        return None
    if status:
        return None
    said = output.decode(errors="replace")
    return store.server(said, said)


def version_in(text: str) -> Version | None:
    """Return the first version in a tag or in a program's output; its second number is 0 where it has one only."""
    match = re.search(r"(?<![\w.])v?=?(\d+)(?:\.(\d+))?", text)
    return (int(match[1]), int(match[2] or 0)) if match else None


def dotted(version: Version) -> str:
    """Format a version as X.Y."""
    return f"{version[0]}.{version[1]}"
