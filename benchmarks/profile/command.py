"""`python -m benchmarks profile`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Annotated

import typer
from docker.models.containers import Container
from rich.console import Console

from benchmarks.attack import Attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.publish.machine import about, run_of
from benchmarks.comparison.publish.report import folder
from benchmarks.comparison.run import stopped_by_signal
from benchmarks.comparison.scenarios.promises.load import (
    CALLERS,
    CHUNK_LATENCY_MS,
    CHUNKS,
    QUICK_SECONDS,
    STREAM_CALLERS,
    measure_load,
)
from benchmarks.comparison.sides.beside import REPLICA
from benchmarks.comparison.sides.gateways import OPENAI_FILE, MeasuredGateway, configuration, gateway_of
from benchmarks.profile import report
from benchmarks.profile.processes import QUERY_ENGINE, processor_seconds
from benchmarks.profile.purposes import inclusive, shares
from benchmarks.profile.report import Profile
from benchmarks.profile.sampler import sampled
from benchmarks.profile.stacks import Stack
from benchmarks.tools import Tool
from testbed.completion import MODEL

STACK = "bench-profile"
OPENAI = "profile-openai"
SAMPLED_SECONDS = 60
"""For which a replica is sampled under each load."""
FUNCTIONS = 25
"""Of LiteLLM, the most expensive ones."""
LITELLM_S_FILES = "litellm/"
app = typer.Typer()


@dataclass(frozen=True)
class Traffic:
    """What a replica answers while it is sampled."""

    name: str
    model: str
    stream: bool = False

    @property
    def unit(self) -> str:
        """What milliseconds are of."""
        return "1,000 chunks" if self.stream else "a request"

    def count(self, load: Attack) -> float:
        """Return how many units were answered."""
        return sum(answer.chunks for answer in load.answered) / 1000 if self.stream else len(load.answered)


@dataclass
class Observed:
    """What a replica did under a load."""

    stacks: list[Stack] = field(default_factory=list)
    engine_seconds: float = 0
    """Processor time of its query engines."""


TRAFFIC = (
    Traffic("Completions", MODEL),
    Traffic("Completions of a model with OpenAI's API", OPENAI),
    Traffic("Streams", MODEL, stream=True),
    Traffic("Streams of a model with OpenAI's API", OPENAI, stream=True),
)


@app.command(epilog="Example: python -m benchmarks profile --quick")
def profile(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Sample for seconds; the figures say little.")] = False,
) -> None:
    """Sample where LiteLLM's processor time goes, of a request and of a streamed chunk. It needs root."""
    console = Console(soft_wrap=True, highlight=False)
    effort = Effort.QUICK if quick else Effort.FULL
    Tool.VEGETA.build()
    profiles = []
    with stopped_by_signal(), started() as gateway:
        for traffic in TRAFFIC:
            found = profiled(gateway, traffic, effort.of(SAMPLED_SECONDS, QUICK_SECONDS))
            first, share = next(iter(found.purposes.items()))
            cost = f"{found.milliseconds:.3g} ms for {found.unit}"
            console.print(f"{found.name}: {cost}; most of it, {share:.0%}: {first}", markup=False)
            profiles.append(found)
    where = folder(effort)
    report.write(where, profiles, about(run_of(effort)))
    console.print(f"written: {where / 'profile.md'}, profile.json")


@contextmanager
def started() -> Iterator[MeasuredGateway]:
    """Start a gateway with prod's settings and one more model. It is removed at the end."""
    with gateway_of(STACK, configuration("prod"), {f"{OPENAI}.yaml": OPENAI_FILE}) as project:
        yield MeasuredGateway.of(project, health_port=True)


@contextmanager
def observed(replica: Container, seconds: int, found: Observed) -> Iterator[None]:
    """Observe a replica beside the body; afterwards `found` is complete."""
    with sampled(replica, seconds, found.stacks):
        before = processor_seconds(replica, QUERY_ENGINE)
        yield
        found.engine_seconds = processor_seconds(replica, QUERY_ENGINE) - before


def profiled(gateway: MeasuredGateway, traffic: Traffic, seconds: int) -> Profile:
    """Sample a replica under a load."""
    gateway.provider(chunks=CHUNKS, chunk_latency_ms=CHUNK_LATENCY_MS if traffic.stream else 0)
    target = replace(gateway.target(stream=traffic.stream), model=traffic.model)
    callers = STREAM_CALLERS if traffic.stream else CALLERS
    found = Observed()
    meanwhile = observed(gateway.project.container(REPLICA), seconds, found)
    load, _, spent = measure_load(
        target, gateway, seconds, f"profile {traffic.name}", callers=callers, meanwhile=meanwhile
    )
    count = traffic.count(load)
    return Profile(
        name=traffic.name,
        unit=traffic.unit,
        milliseconds=1000 * spent["litellm"] / count,
        engine=1000 * found.engine_seconds / count,
        samples=sum(stack.samples for stack in found.stacks),
        purposes=shares(found.stacks),
        functions=inclusive(found.stacks, LITELLM_S_FILES, FUNCTIONS),
    )
