"""Builds images: Debian's minimal system with debootstrap, then one image for each recipe folder."""

import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import certifi
from docker.errors import DockerException

from bootstrap.errors import StepError
from bootstrap.execution.shell import Shell
from bootstrap.offline.package_sources import read_sources
from bootstrap.offline.versions import DEBIAN
from bootstrap.project import ROOT
from bootstrap.steps.engine import connect
from components.images.built import BASE, BASE_REFERENCE, RECIPES

BASE_SYSTEM = f"localhost/gateway/debootstrap:{DEBIAN}"
FOLDER = RECIPES.relative_to(ROOT)
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class MakeBaseSystem:
    """Import Debian's minimal system, made by debootstrap, as the image that the base recipe starts from."""

    def run(self, shell: Shell) -> None:
        """Make and import it, in temporary files.

        Raises:
            StepError: when debootstrap fails or the engine refuses the import.
        """
        with tempfile.TemporaryDirectory(prefix="gateway-debootstrap-", dir="/var/tmp") as folder:
            system, archive = Path(folder, "system"), Path(folder, "system.tar")
            mirror = [source.address for source in read_sources(DEBIAN) if source.suite == DEBIAN][:1]
            shell.run(("debootstrap", "--variant=minbase", DEBIAN, str(system), *mirror), {}, Path("/"))
            shell.run(("tar", "--numeric-owner", "-cf", str(archive), "-C", str(system), "."), {}, Path("/"))
            repository, tag = BASE_SYSTEM.split(":")
            try:
                with connect() as client:
                    shell.write(client.api.import_image_from_file(str(archive), repository=repository, tag=tag))
            except DockerException as error:
                raise StepError(f"the Docker engine refused to import {BASE_SYSTEM}: {error}") from error

    def __str__(self) -> str:
        return f"debootstrap --variant=minbase {DEBIAN}, imported as {BASE_SYSTEM}"


@dataclass(frozen=True)
class BuildImage:
    """Build one recipe."""

    name: str
    reference: str

    def run(self, shell: Shell) -> None:
        """Build a copy of its folder over the host's network, so that the host's package settings apply.

        Raises:
            StepError: when the recipe fails.
        """
        with context(self.name) as folder, connect() as client:
            try:
                lines = client.api.build(
                    path=str(folder),
                    tag=self.reference,
                    network_mode="host",
                    rm=True,
                    forcerm=True,
                    decode=True,
                )
                for line in lines:
                    shell.write(line.get("stream") or line.get("status", "") or "")
                    if "error" in line:
                        raise StepError(f"{FOLDER}/{self.name}/Dockerfile does not build: {line['error']}")
                if self.name == BASE:
                    client.images.get(self.reference).tag(BASE_REFERENCE)
            except DockerException as error:
                raise StepError(f"the Docker engine refused to build {self.reference}: {error}") from error

    def __str__(self) -> str:
        return f"docker build {FOLDER}/{self.name} as {self.reference}"


@contextmanager
def context(name: str) -> Iterator[Path]:
    """Make a build context: the recipe's folder, this machine's certificates and, for the base, its package sources."""
    with tempfile.TemporaryDirectory(prefix=f"gateway-{name}-") as temporary:
        folder = Path(temporary, name)
        shutil.copytree(RECIPES / name, folder)
        shutil.copyfile(certificates(), folder / "certificates.crt")
        if name == BASE:
            sources = folder / "sources.list.d"
            sources.mkdir(exist_ok=True)
            if found := read_sources(DEBIAN):
                (sources / "machine.sources").write_text("\n".join(str(source) for source in found))
        yield folder


def certificates() -> Path:
    """Return this machine's certificate bundle: OpenSSL's (SSL_CERT_FILE), else Debian's, else certifi's."""
    openssl = ssl.get_default_verify_paths().cafile
    candidates = [Path(openssl)] if openssl else []
    return next((file for file in [*candidates, SYSTEM_CERTIFICATES] if file.is_file()), Path(certifi.where()))
