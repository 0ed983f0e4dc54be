"""Gathers the facts about this machine. Nothing else in bootstrap asks the machine before the plan is made."""

import os
import platform
import shutil
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
from docker.errors import DockerException

from bootstrap.machine import EngineState, Machine, PulumiPart, Reachability
from bootstrap.offline import find_go
from bootstrap.project import PASSPHRASE, ROOT
from bootstrap.steps.browser import PROGRAMS
from bootstrap.steps.engine import connect
from bootstrap.steps.pulumi import installed
from components.images.source import SOURCE_FILE, SOURCE_VARIABLE, ImageSource, parse_source

SOCKET = Path("/var/run/docker.sock")
REGISTRIES = ("https://ghcr.io/v2/", "https://registry-1.docker.io/v2/")
VENDOR = "https://get.pulumi.com/"
SITE_TIMEOUT_SECONDS = 4.0


def observe() -> Machine:
    """Return the facts about this machine. Sites are asked only when a step depends on their answer."""
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
        vendors=Reachability.NOT_CHECKED,
        registries=Reachability.NOT_CHECKED,
        image_source_override=source(os.environ.get(SOURCE_VARIABLE, ""), SOURCE_VARIABLE),
        image_source_recorded=source(SOURCE_FILE.read_text() if SOURCE_FILE.is_file() else "", ".cache/image-source"),
        images=images,
        passphrase=PASSPHRASE.is_file(),
    )
    return ask_sites(machine)


def ask_sites(machine: Machine) -> Machine:
    """Ask the registries while the image source is undecided, and Pulumi's site while a part of Pulumi is missing."""
    decided = machine.image_source_override or machine.image_source_recorded
    addresses = [*(() if decided else REGISTRIES), *(() if machine.pulumi >= set(PulumiPart) else (VENDOR,))]
    if not addresses:
        return machine
    with ThreadPoolExecutor() as pool:
        answers = dict(zip(addresses, pool.map(site_answers, addresses), strict=True))
    if not decided:
        machine = replace(machine, registries=reachability(answered=all(answers[address] for address in REGISTRIES)))
    return replace(machine, vendors=reachability(answered=answers[VENDOR])) if VENDOR in answers else machine


def reachability(*, answered: bool) -> Reachability:
    """Return the reachability of a site that answered or did not."""
    return Reachability.REACHABLE if answered else Reachability.UNREACHABLE


def site_answers(address: str) -> bool:
    """Return whether a site itself answers over HTTPS: a registry with 200 or 401, a proxy in its place otherwise."""
    try:
        answer = httpx.get(
            address, timeout=SITE_TIMEOUT_SECONDS, verify=ssl.create_default_context(), follow_redirects=True
        )
    except (httpx.HTTPError, OSError):
        return False
    return answer.status_code in {200, 401}


def ask_engine() -> tuple[EngineState, frozenset[str], Path]:
    """Return the engine's state, its images that were built here, and its data folder."""
    try:
        with connect() as client:
            images = {tag for image in client.images.list("localhost/gateway/*") for tag in image.tags}
            return EngineState.ANSWERS, frozenset(images), Path(client.info()["DockerRootDir"])
    except DockerException:
        pass
    if SOCKET.exists() and not os.access(SOCKET, os.R_OK | os.W_OK):
        state = EngineState.DENIED
    else:
        state = EngineState.STOPPED if shutil.which("dockerd") else EngineState.MISSING
    return state, frozenset(), Path("/var/lib")


def free_gib(path: Path) -> float:
    """Return the free space, in GiB, of a folder's file system; its nearest parent's where the folder is not here."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free / 2**30


def source(word: str, origin: str) -> ImageSource | None:
    """Return the image source that a word names; None when the word is empty."""
    return parse_source(word.strip(), origin) if word.strip() else None
