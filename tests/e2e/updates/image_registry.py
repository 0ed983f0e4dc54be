"""A real image registry on this machine: Debian's docker-registry, run as a process."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.project import free_ports

CONFIGURATION = "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {data}}}}}\nhttp: {{addr: '{address}'}}\n"


@contextmanager
def image_registry(folder: Path) -> Iterator[str]:
    """Run a registry that keeps its images in a folder, and give its address."""
    address = f"127.0.0.1:{free_ports(1)[0]}"
    configuration = folder / "registry.yml"
    configuration.write_text(CONFIGURATION.format(data=folder / "data", address=address))
    with (folder / "registry.log").open("w") as log:
        process = subprocess.Popen([program(folder), "serve", configuration], stdout=log, stderr=log)
        try:
            wait_for(f"http://{address}/v2/")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=10)


def program(folder: Path) -> str:
    """Find docker-registry, or unpack Debian's package of it; nothing is installed."""
    if found := shutil.which("docker-registry"):
        return found
    if not shutil.which("apt-get"):
        pytest.skip("needs docker-registry on PATH, or apt-get to fetch it with")
    subprocess.run(["apt-get", "download", "-qq", "docker-registry"], cwd=folder, check=True, capture_output=True)
    (package,) = folder.glob("docker-registry_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return str(folder / "usr" / "bin" / "docker-registry")


def wait_for(url: str) -> None:
    """Wait until the registry answers."""
    for _ in range(100):
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} did not answer")
