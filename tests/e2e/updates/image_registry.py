"""A real image registry on this machine: Debian's docker-registry as a process."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from testbed.ports import free_ports
from testbed.wait import wait_until

CONFIGURATION = "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {data}}}}}\nhttp: {{addr: '{address}'}}\n"
WITH_USERS = "auth: {{htpasswd: {{realm: test, path: {file}}}}}\n"


@contextmanager
def image_registry(folder: Path, users: str | None = None) -> Iterator[str]:
    """Run a registry that stores its images in the folder; yield its address.

    `users` are lines of name and bcrypt hash, as htpasswd writes them; None: everybody may pull and push.
    """
    address = f"127.0.0.1:{free_ports(1)[0]}"
    configuration = folder / "registry.yml"
    text = CONFIGURATION.format(data=folder / "data", address=address)
    if users:
        (folder / "users").write_text(users)
        text += WITH_USERS.format(file=folder / "users")
    configuration.write_text(text)
    with (folder / "registry.log").open("w") as log:
        process = subprocess.Popen([program(folder), "serve", configuration], stdout=log, stderr=log)
        try:
            wait_until(lambda: answers(f"http://{address}/v2/"), 10, pause=0.1)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=10)


def program(folder: Path) -> str:
    """Return the path of docker-registry: one on PATH, else Debian's, unpacked into the folder and not installed."""
    if found := shutil.which("docker-registry"):
        return found
    if not shutil.which("apt-get"):
        pytest.skip("needs docker-registry on PATH, or apt-get to fetch it with")
    subprocess.run(["apt-get", "download", "-qq", "docker-registry"], cwd=folder, check=True, capture_output=True)
    (package,) = folder.glob("docker-registry_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return str(folder / "usr" / "bin" / "docker-registry")


def answers(url: str) -> bool:
    """Return whether the registry answers, if only that it wants a password."""
    try:
        return httpx.get(url).status_code in {200, 401}
    except httpx.HTTPError:
        return False
