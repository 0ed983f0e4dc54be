"""Gathers the facts about this machine. Nothing else in bootstrap asks the machine before the plan is made."""

import os
import platform
import shutil
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from docker.errors import DockerException
from requests import RequestException

from bootstrap.machine import EngineState, Machine, PulumiPart, Reachability
from bootstrap.offline import find_go
from bootstrap.project import PASSPHRASE, PULUMI_HOME, ROOT
from bootstrap.steps.browser import PROGRAMS
from bootstrap.steps.cluster import PROGRAMS as CLUSTER_PROGRAMS
from bootstrap.steps.engine import connect
from bootstrap.steps.pulumi import installed
from components.engine.connection.client import EngineRefused
from components.engine.connection.endpoint import DEFAULT, Endpoint, EndpointError, find_endpoint
from components.engine.host import disk, version
from components.engine.host.images import missing_images
from components.images.catalog import official_references
from components.images.source import SOURCE_FILE, SOURCE_VARIABLE, ImageSource, parse_source

COMMANDS = ("curl", "debootstrap", *PROGRAMS, *CLUSTER_PROGRAMS)
DATA_FOLDER = Path("/var/lib/docker")
"""Where an engine that is still to be installed keeps its files."""
REGISTRIES = ("https://ghcr.io/v2/", "https://registry-1.docker.io/v2/", "https://quay.io/v2/")
VENDOR = "https://get.pulumi.com/"
SITE_TIMEOUT_SECONDS = 10.0
SITE_TRIES = 3
"""The answer decides for good where images come from: one lost packet must not."""
SITE_PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class EngineFacts:
    """What is known of the engine."""

    endpoint: Endpoint
    state: EngineState
    images: frozenset[str] = frozenset()
    free_gib: float | None = None
    """None when its disk is not on this machine."""
    refusal: str | None = None


def observe(*, plugin_missing: bool = False) -> Machine:
    """Return the facts about this machine. Sites are asked only when a step depends on their answer.

    Args:
        plugin_missing: whether a step depends on Pulumi's site although no part of Pulumi is missing.
    """
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    engine = ask_engine()
    machine = Machine(
        distribution=release.get("ID", platform.system().lower()),
        release=release.get("VERSION_CODENAME", ""),
        root=os.geteuid() == 0,
        systemd=Path("/run/systemd/system").is_dir(),
        engine=engine.state,
        free_gib=min([free_gib(ROOT), *([] if engine.free_gib is None else [engine.free_gib])]),
        commands=frozenset(name for name in COMMANDS if shutil.which(name)),
        go=find_go(),
        pulumi=installed(),
        vendors=Reachability.NOT_CHECKED,
        registries=Reachability.NOT_CHECKED,
        image_source_override=source(os.environ.get(SOURCE_VARIABLE, ""), SOURCE_VARIABLE),
        image_source_recorded=source(SOURCE_FILE.read_text() if SOURCE_FILE.is_file() else "", ".cache/image-source"),
        images=engine.images,
        passphrase=has_passphrase(),
        family=tuple(release.get("ID_LIKE", "").split()),
        endpoint=engine.endpoint,
        refusal=engine.refusal,
    )
    return ask_sites(machine, plugin_missing=plugin_missing)


def has_passphrase() -> bool:
    """Return whether there is a passphrase: this project's own file, or one that the environment gives.

    `.envrc` names the own file whether it is there or not; another file is its owner's business.
    """
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    given = os.environ.get("PULUMI_CONFIG_PASSPHRASE") or (file and Path(file).resolve() != PASSPHRASE.resolve())
    return bool(given) or PASSPHRASE.is_file()


def ask_sites(machine: Machine, *, plugin_missing: bool = False) -> Machine:
    """Ask the registries while the image source is undecided, and Pulumi's site while a part of Pulumi is missing."""
    decided = machine.image_source_override or machine.image_source_recorded
    vendor = plugin_missing or not machine.pulumi >= set(PulumiPart)
    addresses = [*(() if decided else REGISTRIES), *((VENDOR,) if vendor else ())]
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
    """Return whether a site itself answers over HTTPS within some tries."""
    for left in reversed(range(SITE_TRIES)):
        if site_answers_once(address):
            return True
        if left:
            time.sleep(SITE_PAUSE_SECONDS)
    return False


def site_answers_once(address: str) -> bool:
    """Return whether a site answers: a registry with 200 or 401, a proxy in its place otherwise."""
    try:
        answer = httpx.get(
            address, timeout=SITE_TIMEOUT_SECONDS, verify=ssl.create_default_context(), follow_redirects=True
        )
    except (httpx.HTTPError, OSError):
        return False
    return answer.status_code in {200, 401}


def ask_engine() -> EngineFacts:
    """Return what is known of the engine that is meant."""
    try:
        endpoint = find_endpoint()
        with connect() as client:
            info, asked = client.info(), client.version()
            if refused := version.refusals(asked, info, is_plugin_built):
                return EngineFacts(endpoint, EngineState.REFUSED, refusal=refused[0])
            images = {tag for image in client.images.list("localhost/gateway/*") for tag in image.tags}
            official = official_references()
            pulled = set(official) - set(missing_images(client, official).pulled)
            found = disk.engine_disk(info)
            return EngineFacts(
                endpoint, EngineState.ANSWERS, frozenset(images | pulled), found.free_gib if found else None
            )
    except (EndpointError, EngineRefused) as error:
        return EngineFacts(DEFAULT, EngineState.REFUSED, refusal=str(error))
    except (DockerException, RequestException):
        return EngineFacts(endpoint, silent_state(endpoint), free_gib=free_gib(DATA_FOLDER))


def is_plugin_built() -> bool:
    """Return whether Pulumi's plugin for Docker is installed and was built here."""
    return version.uses_built_plugin({"PULUMI_HOME": str(PULUMI_HOME)})


def silent_state(endpoint: Endpoint) -> EngineState:
    """Return the state of an engine that does not answer."""
    if endpoint.socket.exists() and not os.access(endpoint.socket, os.R_OK | os.W_OK):
        return EngineState.DENIED
    return EngineState.STOPPED if shutil.which("dockerd") else EngineState.MISSING


def free_gib(path: Path) -> float:
    """Return the free space, in GiB, of a folder's file system; its nearest parent's where the folder is not here."""
    for folder in (path, *path.parents):
        if found := disk.disk(folder):
            return found.free_gib
    return 0.0


def source(word: str, origin: str) -> ImageSource | None:
    """Return the image source that a word names; None when the word is empty."""
    return parse_source(word.strip(), origin) if word.strip() else None
