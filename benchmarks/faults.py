"""Scenarios under load: how many requests fail."""

import gzip
import json
import time
from dataclasses import asdict

from benchmarks.attack import Attack, attack
from benchmarks.exit_watch import LATE_SECONDS
from benchmarks.gateway import BenchmarkGateway
from benchmarks.result import RAW, Result
from benchmarks.scenarios import IN_FLIGHT, Scenario, restarted
from testbed.load import Load

BEFORE, AFTER = 2, 3
"""Seconds of load before and after a scenario."""
CAPACITY_SECONDS = 12
OUTAGE_SECONDS = 20
"""Without Postgres: two writes of spend would be due meanwhile."""
WRITTEN_SECONDS = 120
"""After this time, twelve times the interval of writes, spend that is not in Postgres is lost."""


def capacity(gateway: BenchmarkGateway) -> float:
    """Return how many requests a second one replica answers, with 20 callers that each wait for their answer."""
    with attack(gateway.targets(), rate=0) as load:
        time.sleep(CAPACITY_SECONDS)
        end = time.time()
    # Those that were in flight then are answered later.
    return sum(each.sent + each.seconds < end for each in load.answered) / CAPACITY_SECONDS


def run_under_load(gateway: BenchmarkGateway, scenario: Scenario, rate: float) -> Result:
    """Run a scenario under load: half of it on connections that are kept, half on new ones."""
    with attack(gateway.targets(), rate / 2) as kept, attack(gateway.targets(), rate / 2, kept=False) as fresh:
        time.sleep(BEFORE)
        begin = time.time()
        broken = scenario.apply(gateway) or begin
        seconds = time.time() - begin
        time.sleep(AFTER)
    both = Attack(kept.answers + fresh.answers)
    keep(scenario.name, both)
    allowed = both.in_flight(broken, LATE_SECONDS) if scenario.allowed == IN_FLIGHT else scenario.allowed
    return Result(
        f"failed requests: {scenario.name}", both.failed, allowed,
        f"{both.text()}; it took {seconds:.0f} s",
    )  # fmt: skip


def postgres_outage(gateway: BenchmarkGateway, rate: float) -> list[Result]:
    """Stop Postgres under load with a key that workers have cached: no request may fail, no spend may be lost."""
    key, known = gateway.new_key(), gateway.provider_requests()
    with attack(gateway.targets(key), 2):
        time.sleep(3)
    token = f"encode(sha256('{key}'), 'hex')"
    logged = f"""select count(*) from "LiteLLM_SpendLogs" where api_key = {token}"""
    unspent = f"""select round((select sum(spend) from "LiteLLM_SpendLogs" where api_key = {token})::numeric
        - (select spend from "LiteLLM_VerificationToken" where token = {token})::numeric, 9)"""
    with attack(gateway.targets(key), rate) as load:
        time.sleep(BEFORE)
        restarted("postgres", OUTAGE_SECONDS)(gateway)
        time.sleep(AFTER)
    keep("Postgres stopped", load)
    answered = gateway.provider_requests() - known
    wrong = abs(answered - int(settled(gateway, logged, answered)))
    what, counted = f"Postgres stopped for {OUTAGE_SECONDS} s, key known", f"the provider answered {answered} requests"
    return [
        Result(f"failed requests: {what}", load.failed, 0, load.text()),
        Result(f"spend logs lost or doubled: {what}", wrong, 0, counted),
        Result(f"missing in the key's spend, USD: {what}", settled(gateway, unspent, 0), 0, "by its spend logs"),
    ]


def settled(gateway: BenchmarkGateway, statement: str, due: float) -> float:
    """Return a figure once it is what is due, or after WRITTEN_SECONDS: spend is written in batches."""
    give_up = time.monotonic() + WRITTEN_SECONDS
    while (now := float(gateway.project.sql(statement))) != due and time.monotonic() < give_up:
        time.sleep(2)
    return now


def keep(name: str, load: Attack | Load) -> None:
    """Save each request of a load."""
    RAW.mkdir(parents=True, exist_ok=True)
    file = RAW / f"{name.replace(' ', '-').replace(',', '').replace('.', '-')}.json.gz"
    file.write_bytes(gzip.compress(json.dumps([asdict(answer) for answer in load.answers]).encode(), mtime=0))
