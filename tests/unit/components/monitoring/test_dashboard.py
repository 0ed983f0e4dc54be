"""The dashboard: its panels, and Grafana's form of them."""

import json

import pytest

from components.monitoring.dashboard import COLUMNS, PANELS, WINDOW, Panel, document, quantile, rate, text


def test_titles_are_used_once() -> None:
    assert len({panel.title for panel in PANELS}) == len(PANELS)


def test_panels_do_not_overlap() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in document()["panels"]]
    assert len(set(places)) == len(PANELS)
    assert {x for x, _ in places} == {0, 8, 16}
    assert max(x + panel["gridPos"]["w"] for (x, _), panel in zip(places, document()["panels"], strict=True)) == 24
    assert COLUMNS * 8 == 24


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_counters_are_shown_as_rates(panel: Panel) -> None:
    for query in panel.queries:
        counted = "_total" in query.expression or "_bucket" in query.expression
        if counted and "worker_starts" not in query.expression:
            assert f"[{WINDOW}]" in query.expression


def test_panel_has_its_queries_and_legends() -> None:
    (latency,) = (panel for panel in document()["panels"] if panel["title"] == "Latency of requests")
    assert [(target["refId"], target["legendFormat"]) for target in latency["targets"]] == [
        ("A", "p50"),
        ("B", "p95"),
        ("C", "p99"),
    ]
    assert latency["datasource"] == {"type": "prometheus", "uid": "gateway"}


def test_text_is_the_document() -> None:
    assert json.loads(text()) == document()


def test_rates_and_quantiles_are_over_all_replicas() -> None:
    assert rate("n_total", "model", only='{a="b"}') == 'sum by (model) (rate(n_total{a="b"}[$__rate_interval]))'
    assert quantile(0.5, "n") == "histogram_quantile(0.5, sum by (le) (rate(n_bucket[$__rate_interval])))"
