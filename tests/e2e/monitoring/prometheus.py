"""A client of the gateway's Prometheus."""

from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self

import httpx

from testbed.wait import wait_until

EXPORTERS = {"litellm": 4003, "edge": 8405, "postgres": 9187, "redis": 9121, "prometheus": 9090}
"""Job → port at which Prometheus reads its metrics."""
ALERT_SECONDS = 60
"""An alert may take so long to fire or to resolve: metrics are read every 2 s, rates are over 20 s."""


class Prometheus:
    """Asks one Prometheus."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        """Ask the Prometheus at this address."""
        self._client = httpx.Client(base_url=f"http://{host}:{port}/api/v1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Return labels and value of each series of a PromQL expression."""
        answer = self._client.get("/query", params={"query": expression}).json()
        assert answer["status"] == "success", answer
        return [(series["metric"], float(series["value"][1])) for series in answer["data"]["result"]]

    def total(self, expression: str) -> float:
        """Return the sum of an expression's series, 0 when it has none."""
        return sum(value for _, value in self.query(f"sum({expression})"))

    @property
    def firing(self) -> set[str]:
        """The names of the alerts that fire."""
        return {labels["alertname"] for labels, _ in self.query('ALERTS{alertstate="firing"}')}

    def wait(self, holds: Callable[[], object], seconds: float = ALERT_SECONDS) -> None:
        """Wait until a condition holds."""
        wait_until(holds, seconds, pause=1)

    def wait_for_alerts(
        self, *, fire: Collection[str] = (), rest: Collection[str] = (), seconds: float = ALERT_SECONDS
    ) -> None:
        """Wait until some alerts fire and others do not."""
        wait_until(lambda: set(fire) <= (firing := self.firing) and not firing & set(rest), seconds, pause=1)
