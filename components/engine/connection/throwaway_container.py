"""A container that runs one program, ends and is removed. Its files go with it, so no secret is in its environment."""

import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import docker
from docker.errors import APIError
from docker.models.containers import Container

from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.workload import CONFIG_FOLDER, HOST_GATEWAY, SECRETS_FOLDER


class ProgramFailed(Exception):
    """The program ended with an error, or not in time."""


@dataclass(frozen=True)
class ThrowawayContainer:
    """What runs."""

    stack: str
    name: str
    """What it does, for its label and for errors."""
    image: str
    user: str
    """uid:gid"""
    command: Sequence[str]
    secrets: Mapping[str, str] = field(repr=False)
    """File in SECRETS_FOLDER → text."""
    config: Mapping[str, str] = field(default_factory=dict)
    """File in CONFIG_FOLDER → text."""
    network: str = "none"
    host_gateway: bool = False
    """Whether HOST_GATEWAY names the host."""
    environment: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Name of a volume → where it is."""
    timeout: int = 900
    """Seconds."""

    def run(self, engine: docker.DockerClient) -> str:
        """Run it to its end, remove it, and return its standard output.

        Raises:
            ProgramFailed: if it fails, with the last lines of its log.
        """
        container = engine.containers.create(
            self.image,
            entrypoint=list(self.command),
            command=[],
            environment=dict(self.environment),
            user=self.user,
            network=self.network,
            extra_hosts={HOST_GATEWAY: "host-gateway"} if self.host_gateway else None,
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
            raise ProgramFailed(f"{self.name} did not end within {self.timeout} s") from error
        if status:
            log = container.logs(tail=20).decode(errors="replace").strip() or "it gave no reason"
            raise ProgramFailed(f"{self.name} failed:\n{log}")
        return str(container.logs(stdout=True, stderr=False).decode(errors="replace"))

    def archive(self) -> bytes:
        """Return its files as a tar file. Secrets are for its user alone."""
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w") as tar:
            for folder, texts, mode in ((SECRETS_FOLDER, self.secrets, 0o400), (CONFIG_FOLDER, self.config, 0o444)):
                if texts:
                    self._add(tar, folder.strip("/"), texts, mode)
        return content.getvalue()

    def _add(self, tar: tarfile.TarFile, folder: str, texts: Mapping[str, str], mode: int) -> None:
        uid, _, gid = self.user.partition(":")
        entry = tarfile.TarInfo(folder)
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(entry)
        for name, text in texts.items():
            data = text.encode()
            file = tarfile.TarInfo(f"{folder}/{name}")
            file.size, file.mode, file.uid, file.gid = len(data), mode, int(uid), int(gid)
            tar.addfile(file, io.BytesIO(data))
