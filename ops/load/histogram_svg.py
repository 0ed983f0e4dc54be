"""A histogram of latencies as an SVG picture."""

from collections.abc import Mapping, Sequence
from html import escape

from ops.load.latency import Bar

WIDTH, HEIGHT = 800, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 24, 56, 48
"""Margins, in pixels."""
MARKED = ("p50", "p95", "p99")
TICKS = 5


def svg(title: str, bars: Sequence[Bar], percentiles: Mapping[str, float]) -> str:
    """Draw the bars over milliseconds, with a line at each percentile of MARKED."""
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
            ' font-size="12" role="img">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22" font-size="14">{escape(title)}</text>',
    ]
    if not bars:
        return "\n".join([*lines, f'<text x="{LEFT}" y="{TOP + 24}">no request was answered</text>', "</svg>", ""])
    low, high = bars[0].low, bars[-1].high
    return "\n".join(
        [*lines, *_bars(bars), *_axes(bars), *_marks(percentiles, low, high), "</svg>", ""],
    )


def _x(time: float, low: float, high: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * ((time - low) / (high - low) if high > low else 0.5)


def _bars(bars: Sequence[Bar]) -> list[str]:
    most, room = max(bar.count for bar in bars), HEIGHT - TOP - BOTTOM
    width = (WIDTH - LEFT - RIGHT) / len(bars)
    return [
        f'<rect x="{LEFT + place * width + 1:.1f}" y="{HEIGHT - BOTTOM - room * bar.count / most:.1f}"'
        f' width="{width - 2:.1f}" height="{room * bar.count / most:.1f}" fill="#4c78a8">'
        f"<title>{bar.low * 1000:.0f} to {bar.high * 1000:.0f} ms: {bar.count}</title></rect>"
        for place, bar in enumerate(bars)
        if bar.count
    ]


def _axes(bars: Sequence[Bar]) -> list[str]:
    low, high, foot = bars[0].low, bars[-1].high, HEIGHT - BOTTOM
    times = [low + (high - low) * place / TICKS for place in range(TICKS + 1)] if high > low else [low]
    return [
        f'<path d="M{LEFT} {TOP}V{foot}H{WIDTH - RIGHT}" fill="none" stroke="#333"/>',
        f'<text x="{LEFT - 8}" y="{TOP + 4}" text-anchor="end">{max(bar.count for bar in bars)}</text>',
        f'<text x="{LEFT - 8}" y="{foot}" text-anchor="end">0</text>',
        *(
            f'<text x="{_x(time, low, high):.1f}" y="{foot + 16}" text-anchor="middle">{time * 1000:.0f}</text>'
            for time in times
        ),
        (
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
            "milliseconds to the end of the answer; height: requests</text>"
        ),
    ]


def _marks(percentiles: Mapping[str, float], low: float, high: float) -> list[str]:
    lines = []
    for place, name in enumerate(name for name in MARKED if name in percentiles):
        x = _x(percentiles[name], low, high)
        lines += [
            f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e45756" stroke-dasharray="4 3"/>',
            # One below the other: percentiles may lie close together.
            (
                f'<text x="{min(x + 4, WIDTH - 96):.1f}" y="{TOP + 12 + 14 * place}" fill="#a33">'
                f"{name} {percentiles[name] * 1000:.0f} ms</text>"
            ),
        ]
    return lines
