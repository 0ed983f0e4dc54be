"""The plot of docs/scale.md: how full each part of one stack is, against users, with the line at which it is full."""

from collections.abc import Iterator
from typing import Any

from benchmarks.comparison.publish.plots import CONFIG, Spec
from benchmarks.scale.growth import first_full
from benchmarks.scale.parts import PARTS
from benchmarks.scale.profile import PROFILES, Profile
from benchmarks.scale.stack import Stack
from components.stack.costs import Costs

TITLE = "One stack with the defaults: how full each part is"
DECADES, POINTS = range(1, 5), 24
"""Powers of ten of users, from the first to beyond the last, and points in each."""
WIDTH, HEIGHT = 250, 260
FULL = 100
RED = "#b3432b"
LEAST, MOST = 1, 1000
"""Per cent that the plot shows."""


def spec(costs: Costs) -> Spec:
    """Return the plot, a panel a profile."""
    users = {
        "field": "users", "type": "quantitative", "title": "users (logarithmic)",
        "scale": {"type": "log"}, "axis": {"values": [10**power for power in (*DECADES, DECADES.stop)], "format": ",d"},
    }  # fmt: skip
    percent = {
        "field": "percent", "type": "quantitative", "title": "taken, % of its room (logarithmic)",
        "scale": {"type": "log", "domain": [LEAST, MOST]},
    }  # fmt: skip
    first = [{"filter": "isValid(datum.first)"}]
    names = [part.name for part in PARTS]
    colour = {"field": "part", "type": "nominal", "title": None, "sort": names, "scale": {"scheme": "category10"}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": TITLE, "anchor": "start", "fontWeight": "normal"},
        "config": CONFIG,
        "data": {"values": [value for profile in PROFILES for value in _values(profile, costs)]},
        "facet": {"column": {"field": "profile", "type": "nominal", "title": None, "sort": [p.name for p in PROFILES]}},
        "spec": {"width": WIDTH, "height": HEIGHT, "layer": [
            {"transform": first, "mark": {"type": "rule", "strokeDash": [4, 4], "color": RED},
             "encoding": {"y": {"datum": FULL}}},
            {"transform": [{"filter": "!isValid(datum.first)"}], "mark": "line",
             "encoding": {"x": users, "y": percent, "color": colour}},
            {"transform": first,
             "mark": {"type": "point", "filled": True, "size": 90, "color": RED},
             "encoding": {"x": users, "y": percent}},
            {"transform": first,
             "mark": {"type": "text", "align": "left", "lineBreak": "\n", "color": RED},
             "encoding": {"x": {"value": 8}, "y": {"value": 16}, "text": {"field": "first"}}},
        ]},
    }  # fmt: skip


def _values(profile: Profile, costs: Costs) -> Iterator[dict[str, Any]]:
    stack = Stack()
    steps = [round(10 ** (decade + point / POINTS)) for decade in DECADES for point in range(POINTS)]
    for users in [*steps, 10**DECADES.stop]:
        demand = profile.demand(users)
        for part in PARTS:
            percent = float(f"{FULL * part.load(stack, demand, costs):.4g}")
            if LEAST <= percent <= MOST:
                yield {"profile": profile.name, "part": part.name, "users": users, "percent": percent}
    part, users = first_full(profile, stack, costs)
    label = f"full first, at {users:,} users:\n{part.name}"
    yield {"profile": profile.name, "part": part.name, "users": users, "percent": FULL, "first": label}
