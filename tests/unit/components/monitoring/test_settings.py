"""The settings of monitoring."""

import pytest
from pydantic import ValidationError

from components.monitoring.settings import MonitoringSettings


def test_rate_window_holds_four_scrapes() -> None:
    with pytest.raises(ValidationError, match="rate_window: should be at least 240, four scrape intervals"):
        MonitoringSettings(scrape_interval=60, rate_window=239)
    assert MonitoringSettings(scrape_interval=60, rate_window=240).rate_window == 240


def test_monitoring_is_off_by_default() -> None:
    settings = MonitoringSettings()
    assert (settings.enabled, settings.port, settings.grafana.enabled) == (False, None, None)
