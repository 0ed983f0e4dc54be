"""`python -m benchmarks profile`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.attack import Attack, Target, attack
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.publish.machine import about, run_of
from benchmarks.comparison.publish.report import folder
from benchmarks.comparison.run import stopped_by_signal
from benchmarks.comparison.scenarios.promises.load import (
    CALLERS,
    CHUNK_LATENCY_MS,
    CHUNKS,
    MOST_FAILED,
    SETTLE_SECONDS,
    STREAM_CALLERS,
)
from benchmarks.comparison.sides.beside import REPLICA
from benchmarks.comparison.sides.gateways import MeasuredGateway, configuration, gateway_of
from benchmarks.comparison.sides.usage import processor_seconds
from benchmarks.profile import report
from benchmarks.profile.purposes import inclusive, shares
from benchmarks.profile.report import Profile
from benchmarks.profile.sampler import sampled
from benchmarks.tools import Tool
from testbed.completion import MODEL

STACK = "bench-profile"
OPENAI = "profile-openai"
OPENAI_FILE = "provider: openai\nmodel: gpt-4.1\nmode: chat\napi_key: os.environ/OPENAI_API_KEY\n"
FUNCTIONS = 25
"""Of LiteLLM, the most expensive ones."""
LITELLM_S_FILES = "litellm/"
app = typer.Typer()


@dataclass(frozen=True)
class Load:
    """What a replica does while it is sampled."""

    name: str
    model: str
    callers: int
    unit: str
    count: Callable[[Attack], float]
    """How many units a load was."""
    stream: bool = False


def requests(load: Attack) -> float:
    """Return how many requests were answered."""
    return len(load.answered)


def thousands_of_chunks(load: Attack) -> float:
    """Return how many chunks were answered, in thousands."""
    return sum(answer.chunks for answer in load.answered) / 1000


LOADS = (
    Load("Completions", MODEL, CALLERS, "a request", requests),
    Load("Completions of a model with OpenAI's API", OPENAI, CALLERS, "a request", requests),
    Load("Streams", MODEL, STREAM_CALLERS, "1,000 chunks", thousands_of_chunks, stream=True),
    Load(
        "Streams of a model with OpenAI's API", OPENAI, STREAM_CALLERS, "1,000 chunks", thousands_of_chunks, stream=True
    ),
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
        for load in LOADS:
            profiles.append(profiled(gateway, load, effort.of(60, 5)))
            first, share = next(iter(profiles[-1].purposes.items()))
            console.print(f"{load.name}: {profiles[-1].milliseconds:.3g} ms for {load.unit}; most of it, {share:.0%}:"
                          f" {first}", markup=False)  # fmt: skip
    where = folder(effort)
    report.write(where, profiles, about(run_of(effort)))
    console.print(f"written: {where / 'profile.md'}, profile.json")


@contextmanager
def started() -> Iterator[MeasuredGateway]:
    """Start a gateway with prod's settings and one more model. It is removed at the end."""
    with gateway_of(STACK, configuration("prod"), {f"{OPENAI}.yaml": OPENAI_FILE}) as project:
        yield MeasuredGateway.of(project, health_port=True)


def profiled(gateway: MeasuredGateway, load: Load, seconds: int) -> Profile:
    """Sample a replica under a load."""
    gateway.provider(chunks=CHUNKS, chunk_latency_ms=CHUNK_LATENCY_MS if load.stream else 0)
    target: Target = replace(gateway.target(stream=load.stream), model=load.model)
    replica = gateway.project.container(REPLICA)
    with attack([target], 0, callers=load.callers) as answers:
        time.sleep(SETTLE_SECONDS)
        with sampled(replica, seconds) as stacks:
            before, begin = processor_seconds([replica]), time.time()
            time.sleep(seconds)
            after, end = processor_seconds([replica]), time.time()
    assert answers.failed <= MOST_FAILED * len(answers.answers), f"{load.name}: {answers.text()}"
    seen = Attack([each for each in answers.answers if begin <= each.sent + each.seconds < end])
    spent = after["litellm"] - before["litellm"]
    return Profile(
        name=load.name,
        unit=load.unit,
        milliseconds=1000 * spent / load.count(seen),
        samples=sum(stack.samples for stack in stacks),
        purposes=shares(stacks),
        functions=inclusive(stacks, LITELLM_S_FILES, FUNCTIONS),
    )
