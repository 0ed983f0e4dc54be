"""The dashboard as data: panels, each with its queries. Grafana gets it as JSON; tests run every query."""

import json
from dataclasses import dataclass
from typing import Any

from components.edge.backends import requests_in_flight

TITLE = "LLM gateway"
DATASOURCE = {"type": "prometheus", "uid": "gateway"}
WINDOW = "$__rate_interval"
"""Grafana inserts a window that fits the zoom and the scrape interval."""
COLUMNS, WIDTH, HEIGHT = 3, 8, 8


@dataclass(frozen=True)
class Query:
    """One expression; each series that it returns is a line."""

    expression: str
    legend: str
    """`{{label}}` stands for the series' label."""


@dataclass(frozen=True)
class Panel:
    """One graph."""

    title: str
    unit: str
    """Grafana's name of the unit, such as reqps."""
    queries: tuple[Query, ...]


def rate(name: str, *labels: str, only: str = "") -> str:
    """Return a sum of rates for each combination of the labels."""
    by = f" by ({', '.join(labels)})" if labels else ""
    return f"sum{by} (rate({name}{only}[{WINDOW}]))"


def quantile(share: float, name: str, *labels: str) -> str:
    """Return a quantile of a histogram for each combination of the labels."""
    return f"histogram_quantile({share:g}, {rate(f'{name}_bucket', 'le', *labels)})"


def _latency(name: str) -> tuple[Query, ...]:
    return tuple(Query(quantile(share, name), f"p{share * 100:g}") for share in (0.5, 0.95, 0.99))


PANELS: tuple[Panel, ...] = (
    Panel(
        "Answers of the edge", "reqps",
        (Query(rate("haproxy_frontend_http_responses_total", "code", only='{proxy="proxy"}'), "{{code}}"),),
    ),
    Panel(
        "Requests by model", "reqps",
        (Query(rate("litellm_proxy_total_requests_metric_total", "requested_model"), "{{requested_model}}"),),
    ),
    Panel(
        "Errors by class", "reqps",
        (Query(
            rate("litellm_proxy_failed_requests_metric_total", "exception_class", "exception_status"),
            "{{exception_class}} {{exception_status}}",
        ),),
    ),
    Panel("Latency of requests", "s", _latency("litellm_request_total_latency_metric")),
    Panel("Latency of providers", "s", _latency("litellm_llm_api_latency_metric")),
    Panel(
        "Failures of providers", "reqps",
        (Query(
            rate(
                "litellm_deployment_failure_responses_total", "litellm_model_name", "exception_class",
                only='{litellm_model_name!=""}',
            ),
            "{{litellm_model_name}} {{exception_class}}",
        ),),
    ),
    Panel(
        "Tokens", "short",
        (
            Query(rate("litellm_input_tokens_metric_total"), "input a second"),
            Query(rate("litellm_output_tokens_metric_total"), "output a second"),
        ),
    ),
    Panel(
        "Spend by model", "currencyUSD",
        (Query(f"3600 * {rate('litellm_spend_metric_total', 'requested_model')}", "{{requested_model}} an hour"),),
    ),
    Panel(
        "Spend by key", "currencyUSD",
        (Query(f"3600 * {rate('litellm_spend_metric_total', 'api_key_alias')}", "{{api_key_alias}} an hour"),),
    ),
    Panel(
        "In flight", "short",
        (
            Query(requests_in_flight(), "at the edge"),
            Query('sum(haproxy_backend_current_queue{proxy=~"litellm.*"})', "waiting at the edge"),
            Query("sum(litellm_in_flight_requests)", "in workers"),
        ),
    ),
    Panel(
        "Replicas", "short",
        (
            Query('haproxy_backend_active_servers{proxy="litellm"}', "can serve"),
            Query('count(up{job="litellm"} == 1)', "give metrics"),
        ),
    ),
    Panel(
        "Workers started", "short",
        (Query("sum by (instance) (gateway_worker_starts_total)", "{{instance}} since it started"),),
    ),
    Panel(
        "Postgres connections", "short",
        (
            Query('sum by (state) (pg_stat_activity_count{datname="litellm"})', "{{state}}"),
            Query("max(pg_settings_max_connections)", "at most"),
        ),
    ),
    Panel("Postgres size", "bytes", (Query('pg_database_size_bytes{datname="litellm"}', "database"),)),
    Panel(
        "Redis memory", "bytes",
        (Query("redis_memory_used_bytes", "used"), Query("redis_memory_max_bytes", "at most")),
    ),
    Panel("Redis clients", "short", (Query("redis_connected_clients", "connected"),)),
    Panel("Alerts", "short", (Query('count by (alertname) (ALERTS{alertstate="firing"})', "{{alertname}}"),)),
)  # fmt: skip


def document() -> dict[str, Any]:
    """Return the dashboard in Grafana's form."""
    return {
        "uid": "gateway",
        "title": TITLE,
        "tags": ["gateway"],
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": [_panel(number, panel) for number, panel in enumerate(PANELS)],
    }


def text() -> str:
    """Return the dashboard as JSON."""
    return json.dumps(document(), indent=1) + "\n"


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, COLUMNS)
    return {
        "id": number + 1,
        "title": panel.title,
        "type": "timeseries",
        "datasource": DATASOURCE,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + place), "expr": query.expression, "legendFormat": query.legend}
            for place, query in enumerate(panel.queries)
        ],
    }
