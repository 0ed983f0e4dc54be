"""A gateway that somebody keeps by one tool: how it is started and changed, and what a change costs."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import httpx

from benchmarks.attack import Target, attack
from benchmarks.comparison.figures.row import Values
from benchmarks.faults import AFTER, BEFORE, keep
from testbed.completion import CHAT, MODEL, question
from testbed.project import Project
from testbed.wait import wait_until

RATE = 5
"""Requests a second while a line changes."""
ANSWER_SECONDS = 300
SETTING, VARIABLE, FIRST_VALUE = "gateway:litellm.keepalive_timeout", "KEEPALIVE_TIMEOUT", 75
"""The line that changes: a setting for Pulumi, the variable that it becomes for Compose."""


@dataclass(frozen=True)
class Deployment:
    """How one side is started and changed, and where it answers."""

    up: Callable[[], object]
    set_line: Callable[[int], object]
    """Gives the line a value, without applying it."""
    proxy_url: str
    key: Callable[[], str]

    def answers(self) -> bool:
        """Return whether a completion is answered."""
        headers = {"Authorization": f"Bearer {self.key()}"}
        with suppress(httpx.TransportError):
            answer = httpx.post(f"{self.proxy_url}{CHAT}", json=question(), headers=headers, timeout=30)
            return answer.is_success
        return False

    def start(self) -> None:
        """Start or update it; return when a completion is answered."""
        self.up()
        wait_until(self.answers, ANSWER_SECONDS, pause=0.2)

    def change(self, label: str, value: int) -> Values:
        """Change the line under load; return how long it took and how many requests failed."""
        self.set_line(value)
        with attack([Target(f"{self.proxy_url}{CHAT}", self.key(), MODEL)], RATE) as load:
            time.sleep(BEFORE)
            changed = seconds(self.start)
            time.sleep(AFTER)
        keep(label, load)
        return {"changed": changed, "failed": load.failed}


def by_pulumi(project: Project) -> Deployment:
    """Return how a project's stack is kept."""
    return Deployment(
        up=project.up,
        set_line=lambda value: project.change(SETTING, value),
        proxy_url=f"http://127.0.0.1:{project.config['gateway:edge']['proxy_port']}",
        key=cache(lambda: project.output("master_key")),
    )


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    begin = time.monotonic()
    action()
    return time.monotonic() - begin
