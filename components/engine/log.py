"""The log of a container, as a report shows it."""

import json
from collections.abc import Iterator

LOG_LINES = 40
"""Last lines that a report has."""


def readable(line: str) -> Iterator[str]:
    """Yield the lines of a log line: of a JSON object the level and the message, else the line itself."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if isinstance(entry, dict) and isinstance(entry.get("message"), str):
        yield from f"{entry.get('level', '')} {entry['message']}".strip().splitlines()
    else:
        yield line
