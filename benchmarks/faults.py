"""Changes and faults under load: how many requests fail."""

import gzip
import json
import time
from dataclasses import asdict

from benchmarks.attack import Attack, attack
from benchmarks.changes import NO_MORE_THAN_IN_FLIGHT, Change, restarted
from benchmarks.ending import LATE
from benchmarks.finding import REPORT, Finding
from benchmarks.gateway import Gateway

BEFORE, AFTER = 2, 3
"""Seconds of load before and after a change."""
CAPACITY_SECONDS = 12
OUTAGE = 20
"""Seconds without Postgres: two writes of spend fall into them."""
SETTLED = 120
"""Seconds after which spend that has not arrived is lost: twelve times what lies between two writes."""


def capacity(gateway: Gateway) -> float:
    """Measure how many requests a second one replica answers to 20 callers that each wait for theirs."""
    with attack(gateway.targets(), rate=0) as load:
        time.sleep(CAPACITY_SECONDS)
    return len(load.answered) / CAPACITY_SECONDS


def change_under_load(gateway: Gateway, change: Change, rate: float) -> Finding:
    """Send half of the load on kept connections, half on new ones, while the change is made."""
    with attack(gateway.targets(), rate / 2) as kept, attack(gateway.targets(), rate / 2, kept=False) as fresh:
        time.sleep(BEFORE)
        begin = time.time()
        broken = change.apply(gateway) or begin
        seconds = time.time() - begin
        time.sleep(AFTER)
    both = Attack(kept.answers + fresh.answers)
    keep(change.name, both)
    allowed = both.in_flight(broken, LATE) if change.allowed == NO_MORE_THAN_IN_FLIGHT else change.allowed
    return Finding(
        f"failed requests: {change.name}", both.failed, allowed,
        f"{both.text()}; the change took {seconds:.0f} s",
    )  # fmt: skip


def postgres_outage(gateway: Gateway, rate: float) -> list[Finding]:
    """Stop Postgres under load with a key that workers know; no request fails, and no spend is lost."""
    key, known = gateway.new_key(), gateway.provider_requests()
    with attack(gateway.targets(key), 2):
        time.sleep(3)
    token = f"encode(sha256('{key}'), 'hex')"
    logged = f"""select count(*) from "LiteLLM_SpendLogs" where api_key = {token}"""
    unspent = f"""select round((select sum(spend) from "LiteLLM_SpendLogs" where api_key = {token})::numeric
        - (select spend from "LiteLLM_VerificationToken" where token = {token})::numeric, 9)"""
    with attack(gateway.targets(key), rate) as load:
        time.sleep(BEFORE)
        restarted("postgres", OUTAGE)(gateway)
        time.sleep(AFTER)
    keep("Postgres stopped", load)
    answered = gateway.provider_requests() - known
    wrong = abs(answered - int(settled(gateway, logged, answered)))
    what, counted = f"Postgres stopped for {OUTAGE} s, key known", f"the provider answered {answered} requests"
    return [
        Finding(f"failed requests: {what}", load.failed, 0, load.text()),
        Finding(f"spend logs lost or doubled: {what}", wrong, 0, counted),
        Finding(f"missing in the key's spend, USD: {what}", settled(gateway, unspent, 0), 0, "by its spend logs"),
    ]


def settled(gateway: Gateway, statement: str, due: float) -> float:
    """Read a figure until it is what is due, or for SETTLED seconds: spend is written in batches."""
    give_up = time.monotonic() + SETTLED
    while (now := float(gateway.project.sql(statement))) != due and time.monotonic() < give_up:
        time.sleep(2)
    return now


def keep(name: str, load: Attack) -> None:
    """Write each request into the report's raw data."""
    folder = REPORT / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name.replace(' ', '-').replace(',', '').replace('.', '-')}.json.gz"
    file.write_bytes(gzip.compress(json.dumps([asdict(answer) for answer in load.answers]).encode(), mtime=0))
