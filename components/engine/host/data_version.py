"""Whether an image can open what the stack's data stores have written. One that cannot stops an update at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from docker.errors import DockerException
from docker.models.containers import Container

from components.engine.connection.client import connect
from components.engine.host.images import image_id
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.images.reference import ImageReference

Version = tuple[int, int]
"""The first two numbers of a version."""

TIMEOUT_SECONDS = 15


@dataclass(frozen=True)
class DataStore:
    """A part that keeps data in a volume."""

    product: str
    command: tuple[str, ...]
    """Prints the version of the running server."""
    same_major: bool = False
    """Whether only the same major version opens its data; otherwise each that is not older does."""

    def opens(self, image: Version, data: Version) -> bool:
        """Return whether a server of the version `image` opens what one of the version `data` has written."""
        return image[0] == data[0] if self.same_major else image >= data


DATA_STORES = {
    # https://www.postgresql.org/docs/15/upgrading.html
    "postgres": DataStore("PostgreSQL", ("postgres", "--version"), same_major=True),
    # A newer server's append-only file begins with a snapshot whose format an older one refuses (RDB_VERSION in rdb.h).
    "redis": DataStore("Redis", ("redis-server", "--version")),
    # https://prometheus.io/docs/prometheus/latest/migration/
    "prometheus": DataStore("Prometheus", ("prometheus", "--version")),
}
"""By the name of the part and of its image."""


def check(stack: str, images: Mapping[str, str]) -> None:
    """Refuse images that cannot open the stack's data.

    Raises:
        pulumi.RunError: one line for each; nothing has been changed.
    """
    if found := refusals(running_versions(stack, images), images):
        raise pulumi.RunError("\n".join(found))


def refusals(running: Mapping[str, Version], images: Mapping[str, str]) -> list[str]:
    """Return a sentence for each image that is known not to open what the running server has written."""
    found = []
    for name, data in running.items():
        store, image = DATA_STORES[name], version_in(ImageReference.parse(images[name]).tag or "")
        if image and not store.opens(image, data):
            need = f"a {store.product} {data[0]}" if store.same_major else f"{dotted(data)} or newer"
            found.append(
                f"images.{name}: {images[name]} cannot open what {store.product} {dotted(data)} has written for this"
                f" stack; set images.{name} to {need}, such as the image that runs"
            )
    return found


def running_versions(stack: str, images: Mapping[str, str]) -> dict[str, Version]:
    """Return the versions of the stack's running data stores whose image the update changes, by name."""
    try:
        client = connect(timeout=TIMEOUT_SECONDS)
        containers = client.containers.list(filters={"label": f"{STACK_LABEL}={stack}"}, ignore_removed=True)
        changed = {
            name: container
            for container in containers
            if (name := container.labels.get(WORKLOAD_LABEL, "")) in DATA_STORES.keys() & images.keys()
            and container.attrs["Image"] != image_id(client, images[name])
        }
        found = {name: _version(container, DATA_STORES[name].command) for name, container in changed.items()}
    except (DockerException, OSError):
        # An engine that does not answer has been refused before; a container that just ended has no version to tell.
        return {}
    return {name: version for name, version in found.items() if version}


def _version(container: Container, command: tuple[str, ...]) -> Version | None:
    exit_code, output = container.exec_run(list(command))
    return version_in(output.decode(errors="replace")) if exit_code == 0 and isinstance(output, bytes) else None


def version_in(text: str) -> Version | None:
    """Return the first version in a tag or in a program's output; its second number is 0 where it has one only."""
    match = re.search(r"(?<![\w.])v?=?(\d+)(?:\.(\d+))?", text)
    return (int(match[1]), int(match[2] or 0)) if match else None


def dotted(version: Version) -> str:
    """Format a version as X.Y."""
    return f"{version[0]}.{version[1]}"
