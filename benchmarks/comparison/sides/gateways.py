"""Prod's settings and baseline's as two gateways on one machine. While one is measured, the other is frozen."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from docker.models.containers import Container

from benchmarks.attack import Target, attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Measure, Sides
from benchmarks.comparison.sides import freezer
from benchmarks.comparison.sides.beside import REPLICA
from testbed.completion import CHAT, MODEL, question
from testbed.configuration import edge_ports, read
from testbed.gateway import admin, new_key, running
from testbed.image import derived_images
from testbed.mock_provider import MockProvider
from testbed.project import Project
from testbed.wait import wait_until

PROD, BASELINE = "bench-prod", "bench-baseline"
STOP_TIMEOUT = 60
"""Seconds, in place of prod's 3600: no request of the benchmarks takes longer."""
LEFT_OUT = ("production", "protect", "images", "backup")
"""Settings of prod that do no work while requests are served, and forbid a stand-in for paid APIs."""
OPENAI_FILE = "provider: openai\nmodel: gpt-4.1\nmode: chat\napi_key: os.environ/OPENAI_API_KEY\n"
"""A file of the catalogue: a model with OpenAI's API, which the mock provider serves too."""
READY_SECONDS = 60
WARM_UP_CALLERS, WARM_UP_SECONDS = 4, 2


def configuration(stack: str) -> dict[str, Any]:
    """Return a stack's own settings in one replica, with the mock provider and free ports."""
    config = {key: value for key, value in read(stack).items() if key.split(":")[1] not in LEFT_OUT}
    litellm = {**config["gateway:litellm"], "replicas": 1, "stop_timeout": STOP_TIMEOUT}
    return config | {
        "gateway:litellm": litellm,
        "gateway:edge": edge_ports(),
        "gateway:mock_provider": {"enabled": True},
    }


MOST_FAILED = 0.01
"""Share of requests. With more failures the other figures mean nothing: a refusal is quick."""


@dataclass
class MeasuredGateway:
    """A running gateway that can be frozen."""

    project: Project
    proxy_url: str
    health_url: str
    key: str
    """A virtual key: its spend is written, as a caller's is."""
    health_port: bool
    """Whether probes ask the health port; otherwise the proxy itself."""
    counted: int = 0
    """Requests that a scenario has counted so far."""
    kept: bool = True
    """Whether callers keep their connections. The edge opens one to a replica for each request anyway. Without the
    edge, one worker may accept most connections, and then has their requests as long as they are kept."""

    @classmethod
    def of(cls, project: Project, *, health_port: bool) -> "MeasuredGateway":
        """Return the project's running gateway."""
        with admin(project) as proxy:
            key = new_key(proxy, "benchmark")
        return cls(project, project.output("proxy_url"), project.output("health_url"), key, health_port)

    @property
    def containers(self) -> list[Container]:
        """Its running containers, frozen or not."""
        return [each for each in self.project.containers() if each.status in ("running", "paused")]

    def target(self, *, stream: bool = False) -> Target:
        """Return a completion's request to it."""
        return Target(f"{self.proxy_url}{CHAT}", self.key, MODEL, stream=stream)

    def provider(self, *, latency_ms: int = 0, chunk_latency_ms: int = 0, chunks: int = 8) -> None:
        """Set how slow its mock provider is, and reset its counts."""
        with MockProvider(self.project) as mock:
            mock.set(latency_ms=latency_ms, chunk_latency_ms=chunk_latency_ms, chunks=chunks)

    def answered(self) -> int:
        """Return how many requests its mock provider has answered since its settings changed."""
        with MockProvider(self.project) as mock:
            return mock.requests(MODEL, "answered")

    def freeze(self) -> None:
        """Stop all its processes where they are."""
        for container in self.containers:
            freezer.freeze(container)

    def thaw(self) -> None:
        """Let its processes go on; return when it answers."""
        self.resume()
        self.wait_until_it_answers()

    def restart(self) -> None:
        """Start its replica's processes anew; return when it answers. What a request costs changes with their age."""
        self.resume()
        self.project.container(REPLICA).restart(timeout=STOP_TIMEOUT)
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Return when a completion is answered."""
        wait_until(self._answers, READY_SECONDS)

    def resume(self) -> None:
        """Let its processes go on. A frozen container cannot be stopped."""
        for container in self.containers:
            freezer.resume(container)

    def _answers(self) -> bool:
        headers = {"Authorization": f"Bearer {self.key}"}
        try:
            return httpx.post(f"{self.proxy_url}{CHAT}", json=question(), headers=headers, timeout=10).is_success
        except httpx.TransportError:
            return False


@dataclass(frozen=True)
class Pair:
    """Both gateways."""

    hardened: MeasuredGateway
    """Has prod's settings, all or some."""
    baseline: MeasuredGateway

    @contextmanager
    def only(self, gateway: MeasuredGateway) -> Iterator[None]:
        """Freeze the other gateway while the body runs; this one is warm."""
        other = self.baseline if gateway is self.hardened else self.hardened
        other.freeze()
        gateway.thaw()
        gateway.provider()
        with attack([gateway.target()], 0, callers=WARM_UP_CALLERS) as load:
            wait_until(lambda: gateway.answered() >= WARM_UP_CALLERS, READY_SECONDS)
            time.sleep(WARM_UP_SECONDS)
        assert load.answered, f"{gateway.project.stack} did not answer: {load.text()}"
        yield


@contextmanager
def gateway_of(name: str, config: Mapping[str, Any], models: Mapping[str, str] | None = None) -> Iterator[Project]:
    """Start a stack of this configuration. It is removed at the end, whatever became of it.

    Args:
        name: of the stack.
        config: its settings.
        models: more files of the catalogue, by name.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        project = Project(folder, name, config)
        for file, text in (models or {}).items():
            (project.folder / "stacks" / "models" / file).write_text(text)
        with running(project):
            yield project
    finally:
        shutil.rmtree(folder)


@contextmanager
def pair_of(name: str, config: Mapping[str, Any], *, health_port: bool) -> Iterator[Pair]:
    """Start a gateway of this configuration, and baseline's. They are removed at the end, whatever became of them.

    Args:
        name: of the first one's stack.
        config: its settings.
        health_port: whether its probes ask the health port.
    """
    sides = ((name, config, health_port), (BASELINE, configuration("baseline"), False))
    with derived_images(), ExitStack() as stack:
        started = []
        for side_name, settings, has_port in sides:
            project = stack.enter_context(gateway_of(side_name, settings))
            gateway = MeasuredGateway.of(project, health_port=has_port)
            stack.callback(gateway.resume)
            started.append(gateway)
        yield Pair(*started)


def both(
    measure: Callable[[MeasuredGateway, Effort, str], Values],
) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a scenario that measures both gateways alike."""

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        def of(gateway: MeasuredGateway) -> Measure:
            def run(label: str) -> Values:
                with pair.only(gateway):
                    return measure(gateway, effort, label)

            return run

        yield Sides(of(pair.hardened), of(pair.baseline))

    return opened


PAIR = Group("prod's and baseline's gateways", lambda _: pair_of(PROD, configuration("prod"), health_port=True))
