"""The alert rules as data: when each fires, how severe it is, and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import yaml

from components.engine.metrics import selector
from components.engine.workload import EMPTY

GROUP = "gateway"
EMPHASIS = r"*\1*"
_LABEL = re.compile(r"\{\{ \$labels\.(\w+) \}\}")


class Severity(StrEnum):
    """How soon somebody has to look."""

    CRITICAL = "critical"
    """At once: requests fail, or soon will."""
    WARNING = "warning"
    """Today: something failed that requests do not depend on."""


@dataclass(frozen=True)
class Thresholds:
    """The limits of the rules, from the settings of the stack."""

    replicas: int
    """Replicas that should be able to serve."""
    window: int
    """Seconds over which rates are taken."""
    error_percent: float
    """Share of 5xx answers."""
    latency: float
    """Seconds that 95 of 100 requests should not exceed."""
    database_gib: float
    """Size of the database."""
    certificate_days: float
    """Days before the certificate's expiry."""
    hold: int | None = None
    """Seconds that a condition lasts before its alert fires; None: each rule has its own."""
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Labels of the stack's series, where the Prometheus has those of others too. Alerts get them as well."""

    def series(self, metric: str, *matchers: str) -> str:
        """Return the selector of a metric: the stack's own series that match."""
        return selector(metric, *matchers, labels=self.labels)


@dataclass(frozen=True)
class AlertRule:
    """One rule. Its expression returns a series for each thing that is wrong."""

    name: str
    expression: str
    hold: int
    """Seconds the condition lasts before the alert fires."""
    severity: Severity
    summary: str
    """What is wrong, in one sentence; `{{ $labels.NAME }}` stands for a label of the series."""
    runbook: str
    """What to do."""


def rules(limits: Thresholds) -> tuple[AlertRule, ...]:
    """Return the rules of a stack."""
    return (*_serving(limits), *_tls(limits), *_providers(limits), *_data(limits))


def document(limits: Thresholds) -> dict[str, Any]:
    """Return the rule file as data."""
    return {
        "groups": [
            {
                "name": GROUP,
                "rules": [
                    {
                        "alert": rule.name,
                        "expr": rule.expression,
                        "for": f"{rule.hold if limits.hold is None else limits.hold}s",
                        "labels": {"severity": rule.severity.value, **limits.labels},
                        "annotations": {"summary": rule.summary, "runbook": rule.runbook},
                    }
                    for rule in rules(limits)
                ],
            }
        ]
    }


def text(limits: Thresholds) -> str:
    """Return the rule file as text."""
    return yaml.safe_dump(document(limits), sort_keys=False, width=120)


def markdown(limits: Thresholds) -> str:
    """Return the rules as the table of docs/monitoring.md."""
    rows = [
        f"| {rule.name} | {rule.severity} | {rule.hold} | {_LABEL.sub(EMPHASIS, rule.summary)} | {rule.runbook} |"
        for rule in rules(limits)
    ]
    return "\n".join(
        ["| alert | severity | after (s) | what is the matter | what to do |", "|---|---|---|---|---|", *rows]
    )


def _serving(limits: Thresholds) -> tuple[AlertRule, ...]:
    window = f"[{limits.window}s]"
    edge, others = limits.series("up", 'job="edge"'), limits.series("up", 'job!="edge"')
    errors = limits.series("haproxy_frontend_http_responses_total", 'proxy="proxy"', 'code="5xx"')
    answers = limits.series("haproxy_frontend_http_responses_total", 'proxy="proxy"')
    servers = limits.series("haproxy_backend_active_servers", 'proxy="litellm"')
    latency = limits.series("litellm_request_total_latency_metric_bucket")
    queue = limits.series("haproxy_backend_current_queue", 'proxy="litellm"')
    return (
        AlertRule(
            name="EdgeDown",
            expression=f"{edge} == 0",
            hold=30,
            severity=Severity.CRITICAL,
            summary="The edge does not answer: no request reaches a replica.",
            runbook="The edge's log says why; `python -m ops recover STACK` starts it, or makes it anew.",
        ),
        AlertRule(
            name="NoReplica",
            expression=f"{servers} == 0",
            hold=30,
            severity=Severity.CRITICAL,
            summary="No replica can serve: every request is refused with 503.",
            runbook="The replicas' logs say why; `python -m ops recover STACK` starts what was stopped.",
        ),
        AlertRule(
            name="ReplicaDown",
            expression=f"{servers} < {limits.replicas}",
            hold=120,
            severity=Severity.WARNING,
            summary=f"Fewer than {limits.replicas} replicas can serve.",
            runbook="`python -m ops health STACK` names it; `python -m ops recover STACK` starts it, or makes it anew.",
        ),
        AlertRule(
            name="TargetDown",
            expression=f"{others} == 0",
            hold=300,
            severity=Severity.WARNING,
            summary="{{ $labels.job }} at {{ $labels.instance }} gives no metrics.",
            runbook="What it measures is not watched; the log of the part says why.",
        ),
        AlertRule(
            name="ErrorsHigh",
            expression=f"100 * sum(rate({errors}{window})) / sum(rate({answers}{window})) > {limits.error_percent:g}",
            hold=120,
            severity=Severity.CRITICAL,
            summary=f"More than {limits.error_percent:g} % of all answers are errors of the server (5xx).",
            runbook="The dashboard's errors by class tell a provider's failure from the gateway's own.",
        ),
        AlertRule(
            name="LatencyHigh",
            expression=f"histogram_quantile(0.95, sum by (le) (rate({latency}{window}))) > {limits.latency:g}",
            hold=300,
            severity=Severity.WARNING,
            summary=f"5 of 100 requests take longer than {limits.latency:g} s.",
            runbook="Compare with the provider's latency on the dashboard; when that is low, add replicas or workers.",
        ),
        AlertRule(
            name="EdgeQueueFilling",
            expression=f"min_over_time({queue}[1m]) > 0",
            hold=60,
            severity=Severity.WARNING,
            summary="Requests wait at the edge without a break: the replicas cannot keep up.",
            runbook="Add replicas or workers, or raise `edge.replica_concurrency` where processors are idle.",
        ),
    )


def _tls(limits: Thresholds) -> tuple[AlertRule, ...]:
    success, expiry = (
        limits.series(metric, 'job="certificate"') for metric in ("probe_success", "probe_ssl_earliest_cert_expiry")
    )
    return (
        AlertRule(
            name="TLSFailing",
            expression=f"{success} == 0",
            hold=120,
            severity=Severity.CRITICAL,
            summary="No client can connect over TLS.",
            runbook="With ACME, the log of acme says why; else those of edge and of what stands before it.",
        ),
        AlertRule(
            name="CertificateExpiring",
            expression=f"{expiry} - time() < {limits.certificate_days:g} * 86400",
            hold=300,
            severity=Severity.WARNING,
            summary=f"The certificate that clients see expires in less than {limits.certificate_days:g} days.",
            runbook="With ACME, the log of acme says why; else set the next `edge_certificate`.",
        ),
    )


def _providers(limits: Thresholds) -> tuple[AlertRule, ...]:
    def rate(name: str) -> str:
        # A request for an unknown model counts as a failure too, of no model.
        series = limits.series(name, 'litellm_model_name!=""')
        return f"sum by (litellm_model_name, api_provider) (rate({series}[{limits.window}s]))"

    return (
        AlertRule(
            name="ProviderFailing",
            expression=f"{rate('litellm_deployment_failure_responses_total')}"
            f" / {rate('litellm_deployment_total_requests_total')} > 0.5",
            hold=60,
            severity=Severity.WARNING,
            summary="More than half of the calls to {{ $labels.litellm_model_name }} fail.",
            runbook="The dashboard's provider failures name the error: a wrong key, a limit, or the provider's outage.",
        ),
    )


def _data(limits: Thresholds) -> tuple[AlertRule, ...]:
    taken, most = limits.series("pg_stat_activity_count"), limits.series("pg_settings_max_connections")
    size = limits.series("pg_database_size_bytes", 'datname="litellm"')
    rows = limits.series("litellm_spend_log_cleanup_rows_remaining")
    used, memory = limits.series("redis_memory_used_bytes"), limits.series("redis_memory_max_bytes")
    return (
        AlertRule(
            name="PostgresDown",
            expression=f"{limits.series('pg_up')} == 0",
            hold=30,
            severity=Severity.CRITICAL,
            summary="Postgres does not answer: keys that are not cached are refused, spend is not written.",
            runbook="Its log says why; a full disk is the first suspect.",
        ),
        AlertRule(
            name="PostgresConnectionsHigh",
            expression=f"100 * sum({taken}) / max({most}) > 90",
            hold=300,
            severity=Severity.WARNING,
            summary="More than 90 % of Postgres's connections are taken.",
            runbook="Set `postgres.max_connections` to auto, or lower `litellm.config.database_connection_pool_limit`.",
        ),
        AlertRule(
            name="DatabaseLarge",
            expression=f"{size} / 2^30 > {limits.database_gib:g}",
            hold=600,
            severity=Severity.WARNING,
            summary=f"The database is larger than {limits.database_gib:g} GiB.",
            runbook="Shorten `litellm.config.spend_logs_retention`, or raise `monitoring.database_gib`.",
        ),
        AlertRule(
            name="SpendLogCleanupBehind",
            expression=f"max by (table) ({rows}) > 0",
            hold=26 * 3600,
            severity=Severity.WARNING,
            summary="Rows of {{ $labels.table }} past their retention outlived a whole day's cleanup.",
            runbook="More is written than the cleanup deletes: shorten the retention, or delete by hand in batches.",
        ),
        AlertRule(
            name="RedisDown",
            expression=f"{limits.series('redis_up')} == 0",
            hold=30,
            severity=Severity.CRITICAL,
            summary="Redis does not answer: each worker counts limits and budgets for itself.",
            runbook="Its log says why.",
        ),
        AlertRule(
            name="RedisMemoryHigh",
            expression=f"100 * {used} / ({memory} > 0) > 90",
            hold=300,
            severity=Severity.WARNING,
            summary="More than 90 % of Redis's memory is taken; when it is full, writes are refused.",
            runbook="Raise `redis.memory_mib`.",
        ),
    )
