"""Estimates with their 95 % interval, from rounds in which both sides were measured one after the other."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

T_QUANTILES = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""Student's t, 97.5 %, for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2). Beyond 30 the last one
is used, which makes the interval a little too wide."""
DRAWS = 2000
"""Of the bootstrap."""
BLOCKS = 5
"""Blocks that the bootstrap cuts a series into. They are long, as neighbours hang together, and shorter than a worker's
life in `memory`: blocks of whole saw-teeth would take the teeth for growth."""
SEED = 1
"""The same samples give the same interval."""


@dataclass(frozen=True)
class Estimate:
    """A value and its 95 % interval."""

    value: float
    low: float | None = None
    """None where one round is all there is."""
    high: float | None = None


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of rounds, with Student's t interval."""
    middle = fmean(values)
    if len(values) < 2:
        return Estimate(middle)
    half = _quantile(len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return Estimate(middle, middle - half, middle + half)


def typical(values: Sequence[float]) -> float:
    """Return the geometric mean, or the mean where a value is not above 0."""
    if all(value > 0 for value in values):
        return math.exp(fmean(map(math.log, values)))
    return fmean(values)


def ratio(a: Sequence[float], b: Sequence[float]) -> Estimate | None:
    """Return a / b from paired rounds: Student's t interval of the mean of log(a / b), as a ratio again.

    A round's two measurements stand next to each other, so what slows the machine for minutes is in both. The geometric
    mean treats a / b and b / a alike. There is no interval where a value is 0, and no ratio where b is.
    """
    if not (all(value > 0 for value in a) and all(value > 0 for value in b)):
        return Estimate(fmean(a) / fmean(b)) if fmean(b) else None
    logs = mean([math.log(each / other) for each, other in zip(a, b, strict=True)])
    if logs.low is None or logs.high is None:
        return Estimate(math.exp(logs.value))
    return Estimate(math.exp(logs.value), math.exp(logs.low), math.exp(logs.high))


def slope(x: Sequence[float], y: Sequence[float]) -> Estimate:
    """Return the slope of y over x by least squares, with a moving-block bootstrap's interval.

    Neighbours in a series resemble each other, so single residuals would give too small an interval: the bootstrap
    draws whole blocks of them, round the end of the series (Politis and Romano, 1992).
    """
    value, base = _line(x, y)
    count = len(x)
    length = count // BLOCKS
    if length < 2:
        return Estimate(value)
    residuals = [each - base - value * place for place, each in zip(x, y, strict=True)]
    chance = random.Random(SEED)  # noqa: S311 - a statistic, not a secret
    slopes = []
    for _ in range(DRAWS):
        starts = [chance.randrange(count) for _ in range(math.ceil(count / length))]
        drawn = [residuals[(start + step) % count] for start in starts for step in range(length)][:count]
        slopes.append(_line(x, [base + value * place + each for place, each in zip(x, drawn, strict=True)])[0])
    slopes.sort()
    return Estimate(value, slopes[round(0.025 * (DRAWS - 1))], slopes[round(0.975 * (DRAWS - 1))])


def _quantile(freedom: int) -> float:
    return T_QUANTILES[min(freedom, len(T_QUANTILES)) - 1]


def _line(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Return slope and intercept; a slope of 0 where x does not change."""
    middle, height = fmean(x), fmean(y)
    spread = sum((place - middle) ** 2 for place in x)
    if not spread:
        return 0.0, height
    rise = sum((place - middle) * (each - height) for place, each in zip(x, y, strict=True)) / spread
    return rise, height - rise * middle
