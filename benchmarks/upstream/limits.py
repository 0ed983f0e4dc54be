"""The limits, and what the program of each measures."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison.figures.metric import Metric, Subject
from benchmarks.upstream import programs

FOLDER = Path(programs.__file__).parent


@dataclass(frozen=True)
class Limit:
    """One limit."""

    name: str
    """Of its program, too."""
    metrics: tuple[Metric, ...]
    """Side a: LiteLLM as it is."""

    @property
    def program(self) -> Path:
        """The program that shows it. It prints `{"a": {key: number}, "b": {…}}`."""
        return FOLDER / f"{self.name}.py"


LIMITS = (
    Limit(
        "worker_start",
        (
            Metric(
                "hanging",
                "workers of 200 that hang at their start, against those with the codec loaded first",
                subject=Subject.VALUE,
            ),
        ),
    ),
    Limit("model_lookup", (Metric("milliseconds", "lookup of a model of Ollama, ms, against one by LiteLLM's index"),)),
    Limit(
        "model_prices",
        (Metric("milliseconds", "lookup of a model's data, ms, with its own price registered first, against without"),),
    ),
    Limit(
        "saved_spend",
        (Metric("milliseconds", "what a request has saved, ms, computed for user, team and tags, against once"),),
    ),
    Limit(
        "rate_limit_metrics",
        (
            Metric(
                "milliseconds",
                "counting a request without rate limits, ms, as LiteLLM does, against without its metrics of limits",
            ),
        ),
    ),
    Limit(
        "metrics_process",
        (
            Metric("seconds", "metrics process: seconds until it answers, against prometheus_client alone"),
            Metric("processor", "metrics process: processor seconds until it answers, against prometheus_client alone"),
            Metric("resident", "metrics process: resident MiB, against prometheus_client alone"),
        ),
    ),
    Limit(
        "loading",
        (
            Metric("seconds", "loading of the proxy: processor seconds, against without garbage collections"),
            Metric("garbage", "loading of the proxy: objects that are garbage at its end"),
        ),
    ),
    Limit("garbage_collection", (Metric("milliseconds", "full garbage collection, ms, against one after gc.freeze"),)),
)
