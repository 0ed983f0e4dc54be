"""Readings of a gateway that does not exist, and their report."""

from benchmarks.sizing.figures import figures
from benchmarks.sizing.parts import PARTS
from benchmarks.sizing.readings import Memory, Round, Work
from benchmarks.sizing.report import Report

IDLE = 0.1
"""Processor seconds that each part uses in a second without load."""
START = dict.fromkeys(PARTS, 500.0)


def work(seconds: float, own: float, count: int = 0) -> Work:
    """Return work for which each part used so many seconds beside those of an idle gateway."""
    return Work(seconds, dict.fromkeys(PARTS, own + IDLE * seconds), count)


def memory(mib: float, count: int = 0) -> Memory:
    """Return the same memory for each part."""
    return Memory(dict.fromkeys(PARTS, mib), count)


FIRST = Round(
    idle=work(8, 0),
    requests=work(15, 2, 400),
    short_streams=work(8, 0.5, 400),
    long_streams=work(16, 2.7, 3600),
    in_flight=memory(540, 100),
    connected=memory(510, 500),
    connections=work(8, 0.04, 500),
    before_body=memory(600),
    ascii_body=memory(680, 20),
    before_wide_body=memory(600),
    wide_body=memory(820, 20),
)
REPORT = Report({"machine": "2 × processor", "commit": "abc"}, figures([FIRST], START))
