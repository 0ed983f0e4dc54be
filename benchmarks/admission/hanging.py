"""A model whose provider hangs, with hundreds of callers, and others' requests beside them."""

import asyncio
import itertools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from benchmarks.admission.gateway import MODEL, QUIET_MODEL, AdmissionGateway
from benchmarks.attack import Attack, Target, attack
from benchmarks.faults import keep
from benchmarks.result import Result
from testbed.completion import CHAT
from testbed.load import Load, ask, client

RATE = 15
"""Of the others' requests a second; one in four streams."""
CALLS_A_SECOND = 25
"""How fast the callers come."""
ARRIVAL_SECONDS = 30
"""For the calls to arrive at the provider: others wait for a provider that hangs, not for calls on their way."""
SETTLE_SECONDS = 8
"""After the hanging calls have ended: LiteLLM tries each again, and is answered."""
AGAIN_SECONDS = 5
"""After which a caller who was refused asks again."""
P99_GOAL = 1.5


@dataclass(frozen=True)
class Plan:
    """How many call, and how long is measured."""

    callers: int
    rounds: int
    """Of each a measurement without the callers, and one beside them."""
    seconds: int
    """Of one measurement."""


FULL = Plan(callers=500, rounds=3, seconds=20)
QUICK = Plan(callers=60, rounds=1, seconds=8)


@dataclass
class Round:
    """One measurement without the callers, and one beside them."""

    without: Attack
    beside: Attack
    refused: Load
    """Answers that the callers got."""
    hanging: int
    """Calls that hung until the end."""


def measure(gateway: AdmissionGateway, plan: Plan) -> list[Result]:
    """Measure others' requests without and beside the callers, in turn."""
    rounds = []
    for number in range(1, plan.rounds + 1):
        gateway.provider()
        without = _others(gateway, plan.seconds)
        gateway.hang()
        rounds.append(asyncio.run(_beside(gateway, plan, without)))
        gateway.provider_restarts()
        time.sleep(SETTLE_SECONDS)
        keep(f"without a hanging model {number}", without)
        keep(f"beside a hanging model {number}", rounds[-1].beside)
    return results(plan, rounds)


def _others(gateway: AdmissionGateway, seconds: float) -> Attack:
    url, key = f"{gateway.url}{CHAT}", gateway.other_key
    targets = [Target(url, key, QUIET_MODEL, stream=number == 0) for number in range(4)]
    with attack(targets, RATE) as load:
        time.sleep(seconds)
    return load


async def _beside(gateway: AdmissionGateway, plan: Plan, without: Attack) -> Round:
    refused, hanging = Load(), 0
    async with client(gateway.url) as open_client:
        calls = []
        for key, _ in zip(itertools.cycle(gateway.keys), range(plan.callers), strict=False):
            calls.append(asyncio.create_task(_call(open_client, key, refused)))
            await asyncio.sleep(1 / CALLS_A_SECOND)
        await asyncio.to_thread(_wait_for_arrival, gateway, plan.callers)
        load = await asyncio.to_thread(_others, gateway, plan.seconds)
        hanging = plan.callers - sum(time.time() - each.sent - each.seconds < AGAIN_SECONDS for each in refused.answers)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
    return Round(without, load, refused, hanging)


def _wait_for_arrival(gateway: AdmissionGateway, calls: int) -> None:
    """Wait until so many calls hang at the provider, or for ARRIVAL_SECONDS if some are refused on their way."""
    give_up = time.monotonic() + ARRIVAL_SECONDS
    while gateway.hanging_calls() < calls and time.monotonic() < give_up:
        time.sleep(1)


async def _call(open_client: httpx.AsyncClient, key: str, refused: Load) -> None:
    while True:
        refused.answers.append(await ask(open_client, key, MODEL))
        await asyncio.sleep(AGAIN_SECONDS)


def results(plan: Plan, rounds: Sequence[Round]) -> list[Result]:
    """Return how others were served, and how much longer they waited beside the callers."""
    without = Attack([answer for each in rounds for answer in each.without.answers])
    beside = Attack([answer for each in rounds for answer in each.beside.answers])
    slower = beside.quantile(0.99) / without.quantile(0.99) if without.answered else math.inf
    hanging = min(each.hanging for each in rounds)
    refused = sum((each.refused.results for each in rounds), start=Load().results)
    seen = (
        f"{len(rounds)} rounds in turn; at least {hanging} calls of {plan.callers} hang, with keys that hold few each"
    )
    return [
        Result("a model hangs: failed requests for another, without", without.failed, 0, without.text()),
        Result("a model hangs: failed requests for another, beside", beside.failed, 0,
                f"{beside.text()}; {seen}; its callers' answers: {dict(refused) or 'none'}"),
        Result("a model hangs: p99 for another, beside / without", round(slower, 2), P99_GOAL,
                f"{beside.quantile(0.99):.3f} s / {without.quantile(0.99):.3f} s;"
                f" p50 {beside.quantile(0.5):.3f} s / {without.quantile(0.5):.3f} s"),
    ]  # fmt: skip
