"""The parts whose costs are told apart."""

from benchmarks.comparison.sides import usage

INGRESS = "ingress"
PARTS = {**usage.PARTS, "edge": "edge", INGRESS: "ingress"}
"""Part → its name in the report. Edge and ingress have a thread each, so each has its own limit."""


def part_of(workload: str) -> str | None:
    """Return which part a workload belongs to; None for the mock provider, backups and jobs."""
    return INGRESS if workload == INGRESS else usage.part_of(workload)
