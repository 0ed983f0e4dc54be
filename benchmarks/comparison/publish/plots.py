"""The plots, drawn by Vega-Lite from the rows of bench.json."""

import struct
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import vl_convert

from benchmarks.comparison.figures.metric import Subject
from benchmarks.comparison.figures.row import Row

VERSION = "6.4"
"""Of Vega-Lite: its schema, and which of the bundled compilers draws."""
SOURCE = "Source"
"""Keyword of the PNG's text that holds the digest of the SVG."""
END_BYTES = 12
"""Length of a PNG's last chunk."""
WIDTH, ROW_HEIGHT, SCALE = 520, 26, 2
COLOURS = {"reached": "#2a7f62", "missed": "#b3432b", "no goal": "#5b6572"}
FONT = "Liberation Sans"
"""Comes with the compiler: a plot looks the same on a machine without fonts."""
CONFIG = {"font": FONT, "background": "white", "axis": {"labelLimit": 420, "titleFontWeight": "normal"}}

Spec = Mapping[str, Any]


def verdict(row: Row) -> str:
    """Return the word in the legend."""
    return {True: "reached", False: "missed", None: "no goal"}[row.ok]


def ratios(title: str, rows: Sequence[Row]) -> Spec:
    """Return a plot of each ratio with its interval; equal sides are at 1."""
    values = [
        {
            "name": row.name,
            "ratio": row.ratio,
            # Where the goal is about side a itself, so is the row's interval.
            "low": row.low if about_ratio(row) else None,
            "high": row.high if about_ratio(row) else None,
            "goal": goal_ratio(row),
            "verdict": verdict(row),
        }
        for row in rows
        if row.ratio is not None and row.ratio > 0
    ]
    names = [value["name"] for value in values]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None}
    x = {"field": "ratio", "type": "quantitative", "scale": {"type": "log"}, "title": "a / b (logarithmic)"}
    colour = {
        "field": "verdict", "type": "nominal", "title": None,
        "scale": {"domain": list(COLOURS), "range": list(COLOURS.values())},
    }  # fmt: skip
    return {
        **_head(title, values, len(names)),
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 4], "color": "#999"}, "encoding": {"x": {"datum": 1}}},
            {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {"y": y, "x": x, "color": colour}},
            {"transform": [{"filter": "isValid(datum.goal)"}],
             "mark": {"type": "tick", "thickness": 2, "color": "#222"},
             "encoding": {"y": y, "x": {**x, "field": "goal"}}},
        ],
    }  # fmt: skip


def about_ratio(row: Row) -> bool:
    """Return whether the row's interval is the ratio's."""
    return row.goal is None or row.goal.startswith(f"{Subject.RATIO.value} ")


def goal_ratio(row: Row) -> float | None:
    """Return the ratio that is the row's goal; None where the goal is no ratio."""
    return float(row.goal.split()[-1]) if row.goal and about_ratio(row) else None


def _head(title: str, values: Sequence[Mapping[str, Any]], rows: int) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": title, "anchor": "start", "fontWeight": "normal"},
        "width": WIDTH,
        "height": ROW_HEIGHT * rows,
        "config": CONFIG,
        "data": {"values": list(values)},
    }


def svg(spec: Spec) -> str:
    """Draw a plot as SVG."""
    return vl_convert.vegalite_to_svg(dict(spec), vl_version=VERSION) + "\n"


def png(spec: Spec) -> bytes:
    """Draw a plot as PNG. It says which SVG it was drawn with: pixels may differ from machine to machine."""
    drawn = vl_convert.vegalite_to_png(dict(spec), vl_version=VERSION, scale=SCALE)
    return _with_text(drawn, SOURCE, digest(svg(spec)))


def digest(text: str) -> str:
    """Return the digest of an SVG."""
    return sha256(text.encode()).hexdigest()


def drawn_with(image: bytes) -> str:
    """Return the digest of the SVG that a PNG was drawn with."""
    return image.split(f"{SOURCE}\0".encode())[1][: len(digest(""))].decode()


def write(where: Path, name: str, spec: Spec) -> None:
    """Draw a plot in both forms."""
    (where / f"{name}.svg").write_text(svg(spec))
    (where / f"{name}.png").write_bytes(png(spec))


def _with_text(image: bytes, keyword: str, text: str) -> bytes:
    """Return a PNG with one more text, before its end (https://www.w3.org/TR/png-3, 11.3.3.2)."""
    body = b"tEXt" + f"{keyword}\0{text}".encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
    end = len(image) - END_BYTES
    return image[:end] + chunk + image[end:]
