"""Every query of the dashboard is answered by the gateway's Prometheus."""

from collections.abc import Iterator

import httpx
import pytest

from components.monitoring.dashboard import PANELS, WINDOW, Panel
from testbed.completion import MODEL
from testbed.mock_provider import mock_provider
from testbed.project import Project
from tests.e2e.monitoring.callers import four_callers, send
from tests.e2e.monitoring.prometheus import ALERT_SECONDS, Prometheus

ALERT = "ProviderFailing"


@pytest.fixture(scope="module", autouse=True)
def events(gateway: Project, proxy: httpx.Client, prometheus: Prometheus) -> Iterator[None]:
    """Something of all that the dashboard shows: answers, failures, and an alert that fired and resolved."""

    def serves() -> bool:
        return send(proxy, 8) == [200] * 8

    prometheus.wait(serves, 2 * ALERT_SECONDS)
    with mock_provider(gateway) as mock, four_callers(proxy):
        mock.fail({MODEL: "authentication"})
        prometheus.wait_for_alerts(fire={ALERT}, seconds=2 * ALERT_SECONDS)
    yield
    prometheus.wait_for_alerts(rest={ALERT}, seconds=2 * ALERT_SECONDS)
    prometheus.wait(serves, 2 * ALERT_SECONDS)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_every_query_of_the_panel_has_data(prometheus: Prometheus, panel: Panel) -> None:
    for query in panel.queries:
        assert prometheus.query(f"last_over_time(({query.expression.replace(WINDOW, '5m')})[5m:2s])"), query
