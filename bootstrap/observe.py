"""Looks at this machine: the only place where facts for the plan are gathered."""

import os
import platform
import re
import shutil
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
from docker.errors import DockerException

from bootstrap.browser import PROGRAMS
from bootstrap.engine import connect
from bootstrap.machine import Engine, Machine, Part, Reach
from bootstrap.project import PASSPHRASE, ROOT, VENV
from bootstrap.pulumi import installed
from bootstrap.versions import GO_MINIMUM
from components.images.catalog import SOURCE_FILE, SOURCE_VARIABLE, ImageSource, parse_source

SOCKET = Path("/var/run/docker.sock")
REGISTRIES = ("https://ghcr.io/v2/", "https://registry-1.docker.io/v2/")
VENDOR = "https://get.pulumi.com/"
SITE_TIMEOUT_SECONDS = 4.0


def observe() -> Machine:
    """Gather this machine's facts; sites are asked only when something to do depends on them."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    engine, images, docker_root = ask_engine()
    machine = Machine(
        distribution=release.get("ID", platform.system().lower()),
        release=release.get("VERSION_CODENAME", ""),
        root=os.geteuid() == 0,
        systemd=Path("/run/systemd/system").is_dir(),
        engine=engine,
        docker_host=os.environ.get("DOCKER_HOST"),
        free_gib=min(free_gib(ROOT), free_gib(docker_root)),
        commands=frozenset(name for name in ("curl", "debootstrap", *PROGRAMS) if shutil.which(name)),
        go=find_go(),
        pulumi=installed(),
        vendors=Reach.UNASKED,
        registries=Reach.UNASKED,
        image_source_override=source(os.environ.get(SOURCE_VARIABLE, ""), SOURCE_VARIABLE),
        image_source_recorded=source(SOURCE_FILE.read_text() if SOURCE_FILE.is_file() else "", ".cache/image-source"),
        images=images,
        passphrase=PASSPHRASE.is_file(),
    )
    return ask_sites(machine)


def ask_sites(machine: Machine) -> Machine:
    """Fill in `registries` while the image source is undecided, and `vendors` while a part of Pulumi is missing."""
    decided = machine.image_source_override or machine.image_source_recorded
    addresses = [*(() if decided else REGISTRIES), *(() if machine.pulumi >= set(Part) else (VENDOR,))]
    if not addresses:
        return machine
    with ThreadPoolExecutor() as pool:
        answers = dict(zip(addresses, pool.map(site_answers, addresses), strict=True))
    if not decided:
        machine = replace(machine, registries=reach(answered=all(answers[address] for address in REGISTRIES)))
    return replace(machine, vendors=reach(answered=answers[VENDOR])) if VENDOR in answers else machine


def reach(*, answered: bool) -> Reach:
    """Name what a site's answer means."""
    return Reach.REACHABLE if answered else Reach.UNREACHABLE


def site_answers(address: str) -> bool:
    """Whether a site itself answers over HTTPS: a registry greets with 200 or 401, a proxy refuses otherwise."""
    try:
        answer = httpx.get(
            address, timeout=SITE_TIMEOUT_SECONDS, verify=ssl.create_default_context(), follow_redirects=True
        )
    except (httpx.HTTPError, OSError):
        return False
    return answer.status_code in {200, 401}


def ask_engine() -> tuple[Engine, frozenset[str], Path]:
    """Give the engine's state, its images of this project and the folder of its data."""
    try:
        with connect() as client:
            images = {tag for image in client.images.list("localhost/gateway/*") for tag in image.tags}
            return Engine.ANSWERS, frozenset(images), Path(client.info()["DockerRootDir"])
    except DockerException:
        pass
    if SOCKET.exists() and not os.access(SOCKET, os.R_OK | os.W_OK):
        state = Engine.DENIED
    else:
        state = Engine.STOPPED if shutil.which("dockerd") else Engine.MISSING
    return state, frozenset(), Path("/var/lib")


def free_gib(path: Path) -> float:
    """Free space where a folder lies; one that is not here (a remote engine's) counts as its nearest parent."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free / 2**30


def find_go() -> str | None:
    """Give the path of a Go that compiles bootstrap/go."""
    candidates = [shutil.which("go"), "/usr/local/go/bin/go", str(VENV / "bin" / "go")]
    return next((go for go in candidates if go and go_version(go) >= GO_MINIMUM), None)


def go_version(go: str) -> tuple[int, int]:
    """Give a Go's version; (0, 0) when it does not start."""
    try:
        text = subprocess.run(
            (go, "env", "GOVERSION"),
            env={**os.environ, "GOTOOLCHAIN": "local"},
            capture_output=True,
            check=False,
            text=True,
        ).stdout
    except OSError:
        return (0, 0)
    found = re.match(r"go(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def source(word: str, origin: str) -> ImageSource | None:
    """Read an image source; None when the word is empty."""
    return parse_source(word.strip(), origin) if word.strip() else None
