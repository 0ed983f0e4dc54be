"""What a Prometheus reads of a stack, as data, and a Prometheus that is not the stack's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pulumi

from components.engine.workload import EMPTY

LONGEST_SCRAPE_SECONDS = 10
METRICS_PATH = "/metrics"
"""Where Prometheus asks if nothing else is said."""


@dataclass(frozen=True)
class ScrapeJob:
    """What Prometheus reads from the containers of one alias, under one name of a job."""

    name: str
    """The label `job` of everything it reads."""
    alias: str
    """DNS name of the service that answers."""
    port: int
    path: str = METRICS_PATH
    parameters: Mapping[str, Sequence[str]] = field(default_factory=lambda: EMPTY)
    """Of the URL's query."""
    replicated: bool = False
    """Whether the alias stands for several containers."""

    @property
    def params(self) -> dict[str, dict[str, list[str]]]:
        """The parameters as Prometheus's own configuration has them; nothing where there are none."""
        return {"params": {name: list(values) for name, values in self.parameters.items()}} if self.parameters else {}


def selector(metric: str, *matchers: str, labels: Mapping[str, str] = EMPTY) -> str:
    """Return PromQL for the series of a metric that match, and have the labels."""
    wanted = [*matchers, *(f'{name}="{value}"' for name, value in labels.items())]
    return f"{metric}{{{','.join(wanted)}}}" if wanted else metric


def scrape_timeout(scrape_interval: int) -> str:
    """Return the time for one reading, which is over before the next."""
    return f"{min(scrape_interval, LONGEST_SCRAPE_SECONDS)}s"


class ExternalPrometheus(Protocol):
    """A Prometheus beside the stack, which reads the metrics of many."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of all series of the stack, and of no other's."""

    def watch(
        self, jobs: Sequence[ScrapeJob], rules: Mapping[str, Any], scrape_interval: int, parent: pulumi.Resource
    ) -> None:
        """Let it read and judge.

        Args:
            jobs: what it reads.
            rules: the alert rules as a rule file has them.
            scrape_interval: seconds between two readings.
            parent: what owns the objects.
        """
