"""One replica as its engine, its provider and its clients see it."""

import asyncio
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpx
from docker.models.containers import Container

from components.mock_provider import component as provider
from components.models.catalog import load_catalogue
from components.stack.settings import CATALOGUE
from tests.e2e.project import Project

MODELS = load_catalogue(CATALOGUE)
MODEL = "gpt-oss-20b-cloud"


def question(model: str = MODEL, **more: Any) -> dict[str, Any]:
    """Give a chat request's body."""
    return {"model": model, "messages": [{"role": "user", "content": "ping"}], **more}


async def ask_at_once(url: str, keys: Sequence[str]) -> Counter[int | str]:
    """Ask with all keys at the same time; count the answers by status, or by the name of what went wrong."""
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=httpx.Limits(max_connections=None)) as client:

        async def ask(key: str) -> int | str:
            try:
                answer = await client.post(
                    "/v1/chat/completions", json=question(), headers={"Authorization": f"Bearer {key}"}
                )
            except httpx.HTTPError as error:
                return type(error).__name__
            return answer.status_code

        return Counter(await asyncio.gather(*map(ask, keys)))


def address(project: Project, container: Container) -> str:
    """Give a container's address on the front network, which the host reaches where the engine is its own."""
    (network,) = project.container("provider").attrs["NetworkSettings"]["Networks"]
    return str(container.attrs["NetworkSettings"]["Networks"][network]["IPAddress"])


class Mock:
    """The mock provider's settings and counts."""

    def __init__(self, project: Project) -> None:
        """Reach it on the front network."""
        host = address(project, project.container("provider"))
        self.client = httpx.Client(base_url=f"http://{host}:{provider.PORT}", timeout=10)

    def set(self, **control: Any) -> None:
        """Put settings in force and count anew."""
        answer = self.client.put("/control", json=control)
        assert answer.is_success, answer.text
        assert self.client.delete("/counts").is_success

    def fail(self, kinds: dict[str, str]) -> None:
        """Make each model of the catalogue fail in its own way: name → kind of fault."""
        self.set(faults=[{"kind": kind, "model": MODELS[model].model} for model, kind in kinds.items()])

    def calls(self, model: str) -> int:
        """Count the calls that a model of the catalogue got."""
        counts = self.client.get("/counts").json()["models"]
        return int(counts.get(MODELS[model].model, {}).get("requests", 0))


def redis(project: Project, command: str) -> list[str]:
    """Give one command to the stack's Redis; the password goes through a pipe inside the container."""
    line = f"{{ printf 'AUTH '; cat /run/secrets/password; printf '\\n{command}\\n'; }} | redis-cli"
    exit_code, text = project.container("redis").exec_run(["sh", "-c", line])
    assert exit_code == 0, text
    assert isinstance(text, bytes)
    return list(text.decode().splitlines()[1:])


def log_lines(container: Container, since: float) -> list[str]:
    """Give what the container wrote since then, without empty lines."""
    text = container.logs(since=int(since)).decode(errors="replace")
    return [line for line in text.splitlines() if line.strip()]


def wait_for(told: Callable[[], object], seconds: float) -> None:
    """Wait until it is so."""
    give_up = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < give_up, f"not within {seconds:.0f} s"
        time.sleep(0.5)


def hold_table(project: Project, table: str, seconds: float) -> subprocess.Popen[bytes]:
    """Lock a table from the outside, so that each statement on it waits; returns once it is locked."""
    name = str(project.container("postgres").name)
    lock = f'begin; lock table "{table}" in access exclusive mode; select pg_sleep({seconds});'
    process = subprocess.Popen(
        ["docker", "exec", name, "psql", "-q", "-U", "litellm", "-d", "litellm", "-c", lock],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    held = f"""select count(*) from pg_locks
        where granted and mode = 'AccessExclusiveLock' and relation = '"{table}"'::regclass"""
    wait_for(lambda: project.sql(held) == "1", 10)
    return process


def statuses(answers: Iterable[httpx.Response]) -> list[int]:
    """Give the answers' status codes in order."""
    return [answer.status_code for answer in answers]
