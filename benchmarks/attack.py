"""Open-loop load on one gateway: requests leave at a fixed rate, whatever became of those before."""

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

LONGEST = 1500
"""Seconds after which an attack ends by itself, should nothing end it before."""
PATIENCE = 60
"""Seconds that one request may take."""
MOST_WORKERS = 400
"""Requests on their way at once; more are not sent."""
STREAM_END = b"data: [DONE]"
SAID = 300
"""Bytes kept of a failure's body."""


@dataclass(frozen=True)
class Target:
    """One kind of request; an attack sends its targets in turn."""

    url: str
    key: str
    model: str
    stream: bool = False

    def line(self) -> str:
        """Write it as vegeta reads it."""
        body = {"model": self.model, "messages": [{"role": "user", "content": "ping"}], "stream": self.stream}
        header = {"Authorization": [f"Bearer {self.key}"], "Content-Type": ["application/json"]}
        text = base64.b64encode(json.dumps(body).encode()).decode()
        return json.dumps({"method": "POST", "url": self.url, "header": header, "body": text})


@dataclass(frozen=True)
class Probe:
    """A question for health."""

    url: str

    def line(self) -> str:
        """Write it as vegeta reads it."""
        return json.dumps({"method": "GET", "url": self.url})


@dataclass(frozen=True)
class Answer:
    """What became of one request."""

    sent: float
    """Unix time."""
    seconds: float
    status: int
    """0: none came."""
    error: str
    cut: bool
    """Whether a stream ended before its end."""
    retry_after: bool
    """Whether the answer says when to come back."""
    said: str = ""
    """How the body of a refusal or failure begins."""

    @property
    def failure(self) -> str | None:
        """Name what went wrong; None when nothing did."""
        if self.status == 200:
            return "stream cut" if self.cut else None
        return " ".join(f"{self.error or self.status}: {self.said}".split()).removesuffix(":")

    @classmethod
    def read(cls, line: str) -> "Answer":
        """Read one line of `vegeta encode`."""
        result: dict[str, Any] = json.loads(line)
        body = base64.b64decode(result["body"] or "")
        stream = body.startswith(b"data:")
        return cls(
            sent=datetime.fromisoformat(result["timestamp"]).timestamp(),
            seconds=result["latency"] / 1e9,
            status=result["code"],
            error=result["error"][-120:],
            retry_after="Retry-After" in (result.get("headers") or {}),
            cut=bool(result["error"]) or (stream and STREAM_END not in body),
            said="" if result["code"] == 200 else body[:SAID].decode(errors="replace"),
        )


@dataclass
class Attack:
    """A running or ended attack."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def failures(self) -> Counter[str]:
        """Count what went wrong."""
        return Counter(answer.failure for answer in self.answers if answer.failure)

    @property
    def answered(self) -> list[Answer]:
        """The requests that were answered well."""
        return [answer for answer in self.answers if not answer.failure]

    @property
    def failed(self) -> int:
        """Count the requests that were not answered well."""
        return len(self.answers) - len(self.answered)

    def in_flight(self, moment: float, late: float = 0) -> int:
        """Count the requests that were on their way then, or up to `late` seconds earlier."""
        return sum(answer.sent <= moment <= answer.sent + answer.seconds + late for answer in self.answers)

    def text(self) -> str:
        """Say how many there were, how fast, and what went wrong."""
        wrong = "".join(f"; {count} × {what}" for what, count in self.failures.most_common(3))
        return f"{len(self.answers)} requests, p50 {self.quantile(0.5):.2f} s, p99 {self.quantile(0.99):.2f} s{wrong}"

    def quantile(self, share: float) -> float:
        """Give a quantile of the good answers' seconds."""
        times = sorted(answer.seconds for answer in self.answered) or [0.0]
        return times[min(len(times) - 1, int(share * len(times)))]


@contextmanager
def attack(targets: Sequence[Target | Probe], rate: float, *, kept: bool = True, nice: int = 0) -> Iterator[Attack]:
    """Send at this rate, a second, while the body runs; all answers are there at its end.

    Args:
        targets: sent in turn.
        rate: requests a second; 0 sends as fast as 20 callers that each wait for their answer can.
        kept: whether connections are kept for further requests.
        nice: priority of the sender; below 0, which needs root, it waits for no processor that the load takes.
    """
    vegeta = Tool.VEGETA.build()
    found = Attack()
    with tempfile.TemporaryDirectory() as name:
        # A folder for its owner alone: the targets hold a key, which arguments would show.
        file, results = Path(name) / "targets", Path(name) / "results"
        file.write_text("\n".join(target.line() for target in targets) + "\n")
        workers = 20 if rate == 0 else MOST_WORKERS
        process = subprocess.Popen(
            [
                *(("nice", "-n", str(nice)) if nice else ()), vegeta, "attack", "-format=json", "-insecure",
                f"-targets={file}", f"-output={results}", f"-duration={LONGEST}s", f"-timeout={PATIENCE}s",
                f"-rate={round(rate * 10)}/10s" if rate else "-rate=0", f"-max-workers={workers}",
                f"-keepalive={str(kept).lower()}",
            ]
        )  # fmt: skip
        try:
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE + 10)
            text = subprocess.run([vegeta, "encode", str(results)], capture_output=True, text=True, check=True).stdout
            found.answers.extend(Answer.read(line) for line in text.splitlines())
