"""Large bodies of many clients, and small requests beside them."""

import asyncio
import itertools
from dataclasses import dataclass

from benchmarks.admission.gateway import MODEL, QUIET_MODEL, AdmissionGateway
from benchmarks.attack import Attack, Target, attack
from benchmarks.faults import keep
from benchmarks.result import Result
from testbed.completion import CHAT
from testbed.load import Load, body_of, client, send

BODY_BYTES = 60_000_000
SMALL_RATE = 5
"""Of small requests a second."""
IN_TIME = (200, 413, 429, 503)
"""An answer, or a refusal."""
SECONDS_GOAL = 90.0
"""For the last large one: prod's 30 s in the queue, and 60 s in which a refused body is read to its end."""


@dataclass(frozen=True)
class Plan:
    """How many clients there are."""

    clients: int


FULL, QUICK = Plan(50), Plan(8)


def measure(gateway: AdmissionGateway, plan: Plan) -> list[Result]:
    """Send a large body from each client at once, and small requests until all of those are answered."""
    gateway.provider()
    before = gateway.kills()
    with attack([Target(f"{gateway.url}{CHAT}", gateway.other_key, QUIET_MODEL)], SMALL_RATE) as small:
        large = asyncio.run(_large(gateway, plan))
    keep("large bodies", large)
    keep("small requests beside large bodies", small)
    return results(plan, large, small, gateway.kills() - before)


async def _large(gateway: AdmissionGateway, plan: Plan) -> Load:
    body = body_of(MODEL, "x" * BODY_BYTES)
    callers = zip(itertools.cycle(gateway.keys), range(plan.clients), strict=False)
    async with client(gateway.url) as open_client:
        return Load([*await asyncio.gather(*(send(open_client, key, body) for key, _ in callers))])


def results(plan: Plan, large: Load, small: Attack, kills: int) -> list[Result]:
    """Return what became of the large bodies, and of the requests beside them."""
    name = f"{plan.clients} bodies of {BODY_BYTES // 10**6} MB"
    late = sum(each.result not in IN_TIME for each in large.answers)
    silent = sum(each.retry_after is None for each in large.answers if each.result in (429, 503))
    last = max(each.seconds for each in large.answers)
    return [
        Result(f"{name}: kills", kills, 0),
        Result(f"{name}: small requests failed", small.failed, 0, small.text()),
        Result(f"{name}: neither answered nor refused by 413, 429 or 503", late, 0, large.text()),
        Result(f"{name}: refusals without Retry-After", silent, 0, large.text()),
        Result(f"{name}: until the last was answered or refused, s", round(last, 1), SECONDS_GOAL,
                f"p50 of those answered {large.quantile(0.5):.1f} s"),
    ]  # fmt: skip
