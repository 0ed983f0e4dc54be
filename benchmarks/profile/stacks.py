"""Call stacks as py-spy samples them (https://github.com/benfred/py-spy)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FRAME = re.compile(r"(?P<function>.*) \((?P<file>[^():]*)(:\d+)?\)")
LIBRARY = re.compile(r".*(site-packages|/lib/python3\.\d+|/opt/gateway)/")
"""What precedes a file's own path."""


@dataclass(frozen=True)
class Frame:
    """One call."""

    function: str
    file: str
    """Without the folder of libraries, such as `litellm/router.py`."""


@dataclass(frozen=True)
class Stack:
    """Calls, the outermost first, and how many samples saw exactly these."""

    frames: tuple[Frame, ...]
    samples: int


def frame(text: str) -> Frame:
    """Return the call that py-spy writes as `function (file:line)`."""
    found = FRAME.fullmatch(text)
    if not found:
        return Frame(text, "")
    return Frame(found["function"], LIBRARY.sub("", found["file"]))


def stacks(lines: Iterable[str]) -> Iterator[Stack]:
    """Yield the stacks of py-spy's format `raw`: calls with semicolons between them, a blank, a number."""
    for line in lines:
        calls, _, samples = line.rstrip("\n").rpartition(" ")
        yield Stack(tuple(frame(call) for call in calls.split(";")), int(samples))
