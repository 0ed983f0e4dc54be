"""promtool of the image that runs checks the rules and the configuration, and evaluates each alert."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import docker
import pytest
import yaml
from docker.models.containers import Container

from components.engine.workload import CONFIG_FOLDER
from components.images.source import image_reference, resolve_source
from components.monitoring import alert_rules
from components.monitoring import prometheus as prometheus_config
from components.monitoring.alert_rules import AlertRule, Thresholds, rules
from components.monitoring.jobs import jobs
from testbed.container import must_run

LIMITS = Thresholds(replicas=2, window=300, error_percent=5, latency=60, database_gib=20, certificate_days=20)
RULES = {rule.name: rule for rule in rules(LIMITS)}
STEP = 15
"""Seconds between two readings of the made-up series."""

Series = dict[str, str]
"""A series → its values in promtool's notation: `0+10x40` starts at 0 and grows by 10, 40 times."""


def answers(errors: int, others: int) -> Series:
    of = 'haproxy_frontend_http_responses_total{proxy="proxy",code='
    return {f'{of}"5xx"}}': f"0+{errors}x100", f'{of}"2xx"}}': f"0+{others}x100"}


def latency(fast: int, slow: int) -> Series:
    of = "litellm_request_total_latency_metric_bucket{le="
    counts = {"60.0": fast, "120.0": fast + slow, "+Inf": fast + slow}
    return {f'{of}"{bound}"}}': f"0+{count}x100" for bound, count in counts.items()}


def calls(failed: int, made: int, model: str = "gpt") -> Series:
    labels = f'{{litellm_model_name="{model}",api_provider="openai"}}'
    return {
        f"litellm_deployment_failure_responses_total{labels}": f"0+{failed}x100",
        f"litellm_deployment_total_requests_total{labels}": f"0+{made}x100",
    }


def active(replicas: str) -> Series:
    return {'haproxy_backend_active_servers{proxy="litellm"}': replicas}


def connections(taken: int) -> Series:
    return {"pg_stat_activity_count": f"{taken}x100", "pg_settings_max_connections": "100x100"}


def memory(used: int, at_most: int) -> Series:
    return {"redis_memory_used_bytes": f"{used}x100", "redis_memory_max_bytes": f"{at_most}x100"}


@dataclass(frozen=True)
class Example:
    """Series that make an alert fire, and series that come near and do not."""

    fires: Series
    quiet: Series
    step: int = STEP
    """Seconds between two readings, and between two evaluations."""


GIB = 2**30
DAY = 86400
PROBE = 'probe_success{job="certificate"}'
EXPIRY = 'probe_ssl_earliest_cert_expiry{job="certificate"}'
BACKLOG = 'litellm_spend_log_cleanup_rows_remaining{table="LiteLLM_SpendLogs"}'
EXAMPLES = {
    "EdgeDown": Example({'up{job="edge"}': "0x100"}, {'up{job="edge"}': "1x100", 'up{job="litellm"}': "0x100"}),
    "NoReplica": Example(active("2x20 0x80"), active("1x100")),
    "ReplicaDown": Example(active("2x20 1x80"), active("2x100")),
    "TargetDown": Example(
        {'up{job="redis",instance="redis-exporter:9121"}': "1x20 0x80"},
        # A replica that starts or ends misses a few readings.
        {'up{job="litellm",instance="10.0.0.2:4002"}': "1x20 0x19 1x60"},
    ),
    "ErrorsHigh": Example(answers(6, 94), answers(4, 96)),
    "LatencyHigh": Example(latency(94, 6), latency(96, 4)),
    "EdgeQueueFilling": Example(
        {'haproxy_backend_current_queue{proxy="litellm"}': "0x20 3x80"},
        {'haproxy_backend_current_queue{proxy="litellm"}': "9 9 9 0 9 9 9 0" + " 9 9 9 0" * 20},
    ),
    "TLSFailing": Example({PROBE: "1x20 0x80"}, {PROBE: "1x100"}),
    "CertificateExpiring": Example({EXPIRY: f"{20 * DAY}x100"}, {EXPIRY: f"{21 * DAY}x100"}),
    "ProviderFailing": Example(calls(6, 10), calls(4, 10) | calls(10, 10, model="")),
    "PostgresDown": Example({"pg_up": "1x20 0x80"}, {"pg_up": "1x100"}),
    "PostgresConnectionsHigh": Example(connections(91), connections(90)),
    "DatabaseLarge": Example(
        {'pg_database_size_bytes{datname="litellm"}': f"{21 * GIB}x100"},
        {'pg_database_size_bytes{datname="litellm"}': f"{19 * GIB}x100"},
    ),
    "SpendLogCleanupBehind": Example({BACKLOG: "9x400"}, {BACKLOG: "9x100 0 9x100 0 9x100 0 9x100"}, step=600),
    "RedisDown": Example({"redis_up": "1x20 0x80"}, {"redis_up": "1x100"}),
    # A Redis without a limit reports 0.
    "RedisMemoryHigh": Example(memory(91, 100), memory(90, 0)),
}

LABELS = {
    "EdgeDown": {"job": "edge"},
    "NoReplica": {"proxy": "litellm"},
    "ReplicaDown": {"proxy": "litellm"},
    "TargetDown": {"job": "redis", "instance": "redis-exporter:9121"},
    "EdgeQueueFilling": {"proxy": "litellm"},
    "TLSFailing": {"job": "certificate"},
    "CertificateExpiring": {"job": "certificate"},
    "ProviderFailing": {"litellm_model_name": "gpt", "api_provider": "openai"},
    "DatabaseLarge": {"datname": "litellm"},
    "SpendLogCleanupBehind": {"table": "LiteLLM_SpendLogs"},
}
"""Labels of each alert beside its severity."""


@pytest.fixture(scope="module")
def prometheus() -> Iterator[Container]:
    """A container of the Prometheus image, without a network."""
    container = docker.from_env().containers.run(
        image_reference("prometheus", resolve_source()),
        ["600"], entrypoint=["sleep"], network_mode="none", user="65534:65534", working_dir="/prometheus", detach=True,
    )  # fmt: skip
    yield container
    container.remove(force=True, v=True)


def promtool(prometheus: Container, *command: str, **files: str) -> str:
    """Run its promtool on these files; it has to succeed."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"{name}.yml")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    prometheus.put_archive("/prometheus", archive.getvalue())
    return must_run(prometheus, "promtool", *command)


def alert_test(rule: AlertRule, series: Series, seconds: int, expected: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "interval": f"{EXAMPLES[rule.name].step}s",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": f"{seconds}s", "alertname": rule.name, "exp_alerts": expected}],
    }


def firing(rule: AlertRule) -> list[dict[str, Any]]:
    labels = LABELS.get(rule.name, {})
    summary = rule.summary
    for name, value in labels.items():
        summary = summary.replace(f"{{{{ $labels.{name} }}}}", value)
    return [
        {
            "exp_labels": {"severity": rule.severity.value, **labels},
            "exp_annotations": {"summary": summary, "runbook": rule.runbook},
        }
    ]


def check(prometheus: Container, step: int, *tests: dict[str, Any]) -> None:
    """Have promtool evaluate the rules over made-up series."""
    document = {"rule_files": ["rules.yml"], "evaluation_interval": f"{step}s", "tests": list(tests)}
    promtool(prometheus, "test", "rules", "tests.yml", rules=alert_rules.text(LIMITS), tests=yaml.safe_dump(document))


def late(rule: AlertRule) -> int:
    """Return a second at which the alert must fire: its condition holds from the 20th reading on."""
    return 60 + rule.hold + 23 * EXAMPLES[rule.name].step


@pytest.mark.parametrize("labels", [{}, {"namespace": "gateway-prod"}], ids=["own", "of many stacks"])
def test_promtool_accepts_the_rules(prometheus: Container, labels: dict[str, str]) -> None:
    text = alert_rules.text(replace(LIMITS, labels=labels))
    output = promtool(prometheus, "check", "rules", "rules.yml", rules=text)
    assert f"{len(RULES)} rules found" in output


def test_promtool_accepts_the_configuration(prometheus: Container) -> None:
    read = jobs(with_redis=True, with_tls=True, behind_ingress=True)
    configuration = prometheus_config.text("prod", 15, read).replace(f"{CONFIG_FOLDER}/", "")
    files = {"configuration": configuration, "rules": alert_rules.text(LIMITS)}
    output = promtool(prometheus, "check", "config", "configuration.yml", **files)
    assert "configuration.yml is valid" in output


def test_every_rule_has_an_example() -> None:
    assert EXAMPLES.keys() == RULES.keys()


@pytest.mark.parametrize("name", RULES)
def test_an_alert_fires_on_time(prometheus: Container, name: str) -> None:
    rule, example = RULES[name], EXAMPLES[name]
    early = alert_test(rule, example.fires, rule.hold - example.step, [])
    check(prometheus, example.step, early, alert_test(rule, example.fires, late(rule), firing(rule)))


@pytest.mark.parametrize("name", RULES)
def test_an_alert_stays_quiet_when_nothing_is_wrong(prometheus: Container, name: str) -> None:
    rule, example = RULES[name], EXAMPLES[name]
    seconds = (rule.hold + example.step, late(rule))
    check(prometheus, example.step, *(alert_test(rule, example.quiet, second, []) for second in seconds))
