"""Open-loop load by vegeta: requests are sent at a fixed rate, whatever became of those before."""

import base64
import json
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.tools import Tool
from testbed.completion import question
from testbed.load import STREAM_CUT, STREAM_END, STREAM_TYPE, quantile

DURATION_SECONDS = 1500
"""After which an attack ends by itself, in case nothing ends it."""
REQUEST_TIMEOUT = 60
"""Seconds for one request."""
MAX_WORKERS = 2000
"""Requests in flight at once; beyond that none is sent."""
CALLERS = 20
"""Of an attack without a rate."""
CHUNK = b"data: {"
OVERHEAD = "X-Litellm-Overhead-Duration-Ms"
"""Header in which LiteLLM says how much of an answer's time was its own."""
BODY_BYTES = 300
"""Kept of a failure's body."""


@dataclass(frozen=True)
class Target:
    """One kind of request; an attack sends its targets in turn."""

    url: str
    key: str
    model: str
    stream: bool = False

    def line(self) -> str:
        """Format the request as vegeta reads it."""
        body = {**question(self.model), "stream": self.stream}
        header = {"Authorization": [f"Bearer {self.key}"], "Content-Type": ["application/json"]}
        text = base64.b64encode(json.dumps(body).encode()).decode()
        return json.dumps({"method": "POST", "url": self.url, "header": header, "body": text})


@dataclass(frozen=True)
class Probe:
    """A request for health."""

    url: str

    def line(self) -> str:
        """Format the request as vegeta reads it."""
        return json.dumps({"method": "GET", "url": self.url})


@dataclass(frozen=True)
class Answer:
    """The answer to one request."""

    sent: float
    """Unix time."""
    seconds: float
    status: int
    """0: there was no answer."""
    error: str
    cut: bool
    """Whether a stream ended before its end."""
    retry_after: bool
    """Whether the answer has a Retry-After header."""
    body: str = ""
    """The beginning of a failure's body."""
    overhead: float | None = None
    """Seconds of LiteLLM's own, as it says itself; None: it does not say."""
    chunks: int = 0
    """Of a stream."""

    @property
    def failure(self) -> str | None:
        """What went wrong; None for a good answer."""
        if self.status == 200:
            return STREAM_CUT if self.cut else None
        return " ".join(f"{self.error or self.status}: {self.body}".split()).removesuffix(":")

    @classmethod
    def read(cls, line: str) -> "Answer":
        """Parse one line of `vegeta encode`."""
        result: dict[str, Any] = json.loads(line)
        content = base64.b64decode(result["body"] or "")
        headers = result.get("headers") or {}
        stream = headers.get("Content-Type", [""])[0].startswith(STREAM_TYPE)
        return cls(
            sent=datetime.fromisoformat(result["timestamp"]).timestamp(),
            seconds=result["latency"] / 1e9,
            status=result["code"],
            error=result["error"][-120:],
            retry_after="Retry-After" in headers,
            cut=bool(result["error"]) or (stream and STREAM_END not in content),
            body="" if result["code"] == 200 else content[:BODY_BYTES].decode(errors="replace"),
            overhead=_own_seconds(headers.get(OVERHEAD, [""])[0]),
            chunks=content.count(CHUNK) if stream else 0,
        )


@dataclass
class Attack:
    """The answers to an attack; complete once it has ended."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def failures(self) -> Counter[str]:
        """How often each thing went wrong."""
        return Counter(answer.failure for answer in self.answers if answer.failure)

    @property
    def answered(self) -> list[Answer]:
        """The good answers."""
        return [answer for answer in self.answers if not answer.failure]

    @property
    def failed(self) -> int:
        """How many requests got no good answer."""
        return len(self.answers) - len(self.answered)

    def in_flight(self, moment: float, late: float = 0) -> int:
        """Return how many requests were in flight at that moment, or up to `late` seconds before it."""
        return sum(answer.sent <= moment <= answer.sent + answer.seconds + late for answer in self.answers)

    def text(self) -> str:
        """Summarize the attack: requests, latency, failures."""
        wrong = "".join(f"; {count} × {what}" for what, count in self.failures.most_common(3))
        return f"{len(self.answers)} requests, p50 {self.quantile(0.5):.2f} s, p99 {self.quantile(0.99):.2f} s{wrong}"

    def quantile(self, share: float) -> float:
        """Return a quantile of the good answers' seconds."""
        return quantile([answer.seconds for answer in self.answered], share)


def _own_seconds(milliseconds: str) -> float | None:
    """Return a time of LiteLLM's headers in seconds; None for the word None, which it writes where it does not know."""
    try:
        return float(milliseconds) / 1000
    except ValueError:
        return None


@contextmanager
def attack(
    targets: Sequence[Target | Probe], rate: float, *, kept: bool = True, nice: int = 0, callers: int = CALLERS
) -> Iterator[Attack]:
    """Send requests while the body runs; all answers are there at its end.

    Args:
        targets: the requests, sent in turn.
        rate: requests a second; 0: as fast as `callers` can that each wait for their answer.
        kept: whether connections are kept for later requests.
        nice: priority of the sender. Below 0, which needs root, the load does not delay it.
        callers: how many there are without a rate.
    """
    vegeta = Tool.VEGETA.build()
    found = Attack()
    with tempfile.TemporaryDirectory() as name:
        # The targets hold a key: they are a file of their owner alone, not arguments.
        file, results = Path(name) / "targets", Path(name) / "results"
        file.write_text("\n".join(target.line() for target in targets) + "\n")
        workers = MAX_WORKERS if rate else callers
        process = subprocess.Popen(
            [
                *(("nice", "-n", str(nice)) if nice else ()), vegeta, "attack", "-format=json", "-insecure",
                f"-targets={file}", f"-output={results}",
                f"-duration={DURATION_SECONDS}s", f"-timeout={REQUEST_TIMEOUT}s",
                f"-rate={round(rate * 1000)}/1000s" if rate else "-rate=0", f"-max-workers={workers}",
                *(() if rate else (f"-workers={workers}",)),
                f"-keepalive={str(kept).lower()}",
            ]
        )  # fmt: skip
        try:
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(REQUEST_TIMEOUT + 10)
            text = subprocess.run([vegeta, "encode", str(results)], capture_output=True, text=True, check=True).stdout
            found.answers.extend(Answer.read(line) for line in text.splitlines())
