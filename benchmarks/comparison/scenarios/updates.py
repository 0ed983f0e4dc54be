"""`pulumi up` against `docker compose up` of an equal file: from nothing, unchanged, with one changed line."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import yaml

from benchmarks.attack import Target, attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric, Subject
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Scenario, Sides
from benchmarks.comparison.sides import compose_file
from benchmarks.comparison.sides.beside import SECRETS_FILE, secrets_of
from benchmarks.comparison.sides.gateways import configuration
from benchmarks.faults import AFTER, BEFORE, keep
from benchmarks.tools import Tool
from testbed.completion import CHAT, MODEL, question
from testbed.engine_lock import exclusive, remove
from testbed.project import Project
from testbed.wait import wait_until

STACK = "bench-update"
RATE = 5
"""Requests a second while a line changes."""
ANSWER_SECONDS = 300
SETTING, VARIABLE, BEFORE_VALUE, AFTER_VALUE = "gateway:litellm.keepalive_timeout", "KEEPALIVE_TIMEOUT", 75, 80
"""The line that changes: a setting for Pulumi, the variable that it becomes for Compose."""


@dataclass(frozen=True)
class Deployment:
    """How one side is started and changed, and where it answers."""

    up: Callable[[], object]
    change: Callable[[], object]
    """Changes the line, without applying it."""
    proxy_url: Callable[[], str]
    key: Callable[[], str]

    def answers(self) -> bool:
        """Return whether a completion is answered."""
        headers = {"Authorization": f"Bearer {self.key()}"}
        with suppress(httpx.TransportError):
            answer = httpx.post(f"{self.proxy_url()}{CHAT}", json=question(), headers=headers, timeout=30)
            return answer.is_success
        return False

    def measure(self, label: str) -> Values:
        """Start it from nothing, run it again, change a line under load."""
        first = seconds(self.start)
        again = seconds(self.up)
        self.change()
        with attack([Target(f"{self.proxy_url()}{CHAT}", self.key(), MODEL)], RATE) as load:
            time.sleep(BEFORE)
            changed = seconds(self.start)
            time.sleep(AFTER)
        keep(label, load)
        return {"first": first, "again": again, "changed": changed, "failed": load.failed}

    def start(self) -> None:
        """Start or update it; return when a completion is answered."""
        self.up()
        wait_until(self.answers, ANSWER_SECONDS, pause=0.2)


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    begin = time.monotonic()
    action()
    return time.monotonic() - begin


class Updates:
    """Both sides. Only one exists at a time, and they use the same host ports."""

    def __init__(self, folder: Path) -> None:
        """Make the project's copy, and room for the compose.yaml."""
        config = {key: value for key, value in configuration("prod").items() if key != "gateway:monitoring"}
        (folder / "project").mkdir()
        self.project = Project(folder / "project", STACK, config)
        self.port = config["gateway:edge"]["proxy_port"]
        self.folder = folder / f"{STACK}-compose"
        self.file = self.folder / "compose.yaml"

    def pulumi(self, label: str) -> Values:
        """Measure Pulumi; leave a compose.yaml that is equal to what it deployed."""
        self.project.change(SETTING, BEFORE_VALUE)
        deployment = Deployment(
            up=self.project.up,
            change=lambda: self.project.change(SETTING, AFTER_VALUE),
            proxy_url=lambda: f"http://127.0.0.1:{self.port}",
            key=cache(lambda: self.project.output("master_key")),
        )
        found = deployment.measure(label)
        if not self.file.exists():
            compose_file.write(self.project, self.folder)
        self.project.must("destroy", "--yes", "--skip-preview")
        return found

    def compose(self, label: str) -> Values:
        """Measure Compose."""
        key = secrets_of((self.folder / "files" / "litellm" / SECRETS_FILE).read_text())["LITELLM_MASTER_KEY"]
        self.set_line(BEFORE_VALUE)
        deployment = Deployment(
            up=lambda: self.run("up", "--detach"),
            change=lambda: self.set_line(AFTER_VALUE),
            proxy_url=lambda: f"http://127.0.0.1:{self.port}",
            key=lambda: key,
        )
        try:
            return deployment.measure(label)
        finally:
            self.down()

    def set_line(self, value: int) -> None:
        """Write the value into compose.yaml."""
        document = yaml.safe_load(self.file.read_text())
        changed = compose_file.with_variable(document, "litellm", VARIABLE, str(value))
        self.file.write_text(yaml.safe_dump(changed, sort_keys=False))

    def run(self, *arguments: str) -> None:
        """Run Compose on the file; it has to succeed."""
        ended = subprocess.run([Tool.COMPOSE.build(), "-f", str(self.file), *arguments], check=False,
                               capture_output=True, text=True)  # fmt: skip
        assert ended.returncode == 0, ended.stderr

    def down(self) -> None:
        """Remove all that Compose made, in this run or in one that was killed."""
        command = [Tool.COMPOSE.build(), "-p", self.folder.name, "down", "--volumes", "--timeout", "10"]
        subprocess.run(command, check=False, capture_output=True)


@contextmanager
def opened(_effort: Effort) -> Iterator[Updates]:
    """Make both sides ready; whatever is left of them is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"{STACK}-"))
    try:
        with exclusive(STACK):
            updates = Updates(folder)
            updates.down()
            try:
                yield updates
            finally:
                updates.down()
                if updates.project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
                    remove(STACK)
    finally:
        shutil.rmtree(folder)


@contextmanager
def sides(updates: Updates, _effort: Effort) -> Iterator[Sides]:
    """Measure Pulumi first: the compose.yaml is made of what it deploys."""
    yield Sides(updates.pulumi, updates.compose)


UPDATES = Scenario(
    name="updates",
    text=f"prod's settings without monitoring, in one replica. The changed line is `{VARIABLE}`; {RATE} requests/s"
    " arrive meanwhile, and it ends when the command has ended and a completion is answered.",
    a="`pulumi up`",
    b="`docker compose up --detach` of an equal file",
    group=Group("an equal gateway by Pulumi and by Compose", opened),
    open=sides,
    metrics=(
        Metric("first", "from nothing to the first answer, s", Goal(at_most=1.15), headline=True),
        Metric("again", "run without a change, s", Goal(Subject.VALUE, at_most=5), headline=True),
        Metric("changed", "one changed line, until it is served everywhere, s", Goal(at_most=1), headline=True),
        Metric("failed", f"failed requests while a line changes, at {RATE} requests/s", Goal(Subject.VALUE, at_most=0),
               headline=True),
    ),
)  # fmt: skip
