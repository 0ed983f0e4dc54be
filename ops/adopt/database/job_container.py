"""A container that runs one program and ends; its secrets are files that go with it."""

import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import docker
from docker.errors import APIError
from docker.models.containers import Container

from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.workload import SECRETS_FOLDER
from ops.errors import OperationError


@dataclass(frozen=True)
class JobContainer:
    """What runs."""

    stack: str
    name: str
    """What it does, for its label and for errors."""
    image: str
    user: str
    """uid:gid"""
    command: Sequence[str]
    secrets: Mapping[str, str] = field(repr=False)
    """File in the secrets' folder → text."""
    network: str = "none"
    environment: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Name of a volume → where it is."""
    timeout: int = 900

    def run(self, engine: docker.DockerClient) -> str:
        """Run it to its end, remove it, and return its standard output.

        Raises:
            OperationError: if it fails, with the last lines of its log.
        """
        container = engine.containers.create(
            self.image,
            entrypoint=list(self.command),
            command=[],
            environment=dict(self.environment),
            user=self.user,
            network=self.network,
            tmpfs={"/tmp": ""},  # noqa: S108 - inside the container
            volumes={name: {"bind": place, "mode": "rw"} for name, place in self.volumes.items()},
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            labels={STACK_LABEL: self.stack, WORKLOAD_LABEL: self.name},
        )
        try:
            container.put_archive("/", self.archive())
            container.start()
            return self._output(container)
        finally:
            container.remove(force=True, v=True)

    def _output(self, container: Container) -> str:
        try:
            status = int(container.wait(timeout=self.timeout)["StatusCode"])
        except (APIError, OSError) as error:
            raise OperationError(f"{self.name} did not end within {self.timeout} s") from error
        if status:
            log = container.logs(tail=20).decode(errors="replace").strip() or "it gave no reason"
            raise OperationError(f"{self.name} failed:\n{log}")
        return str(container.logs(stdout=True, stderr=False).decode(errors="replace"))

    def archive(self) -> bytes:
        """Return the secrets as a tar file that only this user can read."""
        uid, _, gid = self.user.partition(":")
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w") as tar:
            folder = tarfile.TarInfo(SECRETS_FOLDER.strip("/"))
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
            for name, text in self.secrets.items():
                data = text.encode()
                entry = tarfile.TarInfo(f"{SECRETS_FOLDER.strip('/')}/{name}")
                entry.size, entry.mode, entry.uid, entry.gid = len(data), 0o400, int(uid), int(gid)
                tar.addfile(entry, io.BytesIO(data))
        return content.getvalue()
