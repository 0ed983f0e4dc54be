"""The alert rules, and their table in the documentation."""

import re
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pytest
import yaml

from components.monitoring.alert_rules import AlertRule, Severity, Thresholds, document, markdown, rules, text
from components.monitoring.component import thresholds
from components.monitoring.settings import MonitoringSettings

PROJECT = Path(__file__).parents[4]
DOCUMENTATION = PROJECT / "docs" / "monitoring.md"
PRODUCTION = PROJECT / "stacks" / "Pulumi.prod.yaml"
LIMITS = Thresholds(replicas=3, window=120, error_percent=2.5, latency=30, database_gib=7, certificate_days=11)
RULES = {rule.name: rule for rule in rules(LIMITS)}


def test_every_name_is_used_once() -> None:
    assert len(RULES) == len(rules(LIMITS))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_alert_has_a_summary_and_a_runbook(rule: AlertRule) -> None:
    assert rule.summary.endswith(".")
    assert rule.runbook.endswith(".")
    assert rule.hold > 0


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_to_do_holds_on_one_host_and_on_a_cluster(rule: AlertRule) -> None:
    assert not re.search(r"docker|kubectl|container", rule.runbook)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_is_missing_is_made_anew_by_a_command_that_asks_the_engine(rule: AlertRule) -> None:
    assert "pulumi up" not in rule.runbook


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("ReplicaDown", "< 3"),
        ("ErrorsHigh", "[120s]"),
        ("ErrorsHigh", "> 2.5"),
        ("LatencyHigh", "> 30"),
        ("DatabaseLarge", "> 7"),
        ("CertificateExpiring", "< 11 * 86400"),
        ("ProviderFailing", "[120s]"),
    ],
)
def test_thresholds_reach_the_expressions(name: str, part: str) -> None:
    assert part in RULES[name].expression


def test_what_stops_requests_is_critical() -> None:
    critical = {name for name, rule in RULES.items() if rule.severity is Severity.CRITICAL}
    assert critical == {"EdgeDown", "NoReplica", "ErrorsHigh", "TLSFailing", "PostgresDown", "RedisDown"}


METRIC = re.compile(r"\b(?:up|pg_up|redis_up|(?:haproxy|litellm|pg|redis|probe)_\w+)\b(?=[{\s\[)]|$)(\{[^}]*\})?")
"""A metric of an expression, with its matchers."""


@pytest.mark.parametrize("rule", rules(replace(LIMITS, labels={"namespace": "gateway-prod"})), ids=attrgetter("name"))
def test_rules_of_a_shared_prometheus_see_one_stack_alone(rule: AlertRule) -> None:
    expression = re.sub(r"\bby \([^)]*\)", "", rule.expression)
    selectors = [found[1] for found in METRIC.finditer(expression)]
    assert selectors
    assert [each for each in selectors if not each or 'namespace="gateway-prod"' not in each] == []


def test_alerts_of_a_shared_prometheus_name_the_stack() -> None:
    (group,) = document(replace(LIMITS, labels={"namespace": "gateway-prod"}))["groups"]
    assert {each["labels"]["namespace"] for each in group["rules"]} == {"gateway-prod"}


def test_rule_file_has_prometheus_s_form() -> None:
    (group,) = yaml.safe_load(text(LIMITS))["groups"]
    (rule,) = (rule for rule in group["rules"] if rule["alert"] == "PostgresDown")
    assert rule == {
        "alert": "PostgresDown",
        "expr": "pg_up == 0",
        "for": "30s",
        "labels": {"severity": "critical"},
        "annotations": {"summary": RULES["PostgresDown"].summary, "runbook": RULES["PostgresDown"].runbook},
    }


def test_one_setting_replaces_the_time_of_every_rule() -> None:
    limits = Thresholds(
        replicas=1, window=120, error_percent=5, latency=30, database_gib=7, certificate_days=11, hold=2
    )
    assert {rule["for"] for rule in document(limits)["groups"][0]["rules"]} == {"2s"}


def test_table_holds_every_rule_with_its_time_and_advice() -> None:
    lines = markdown(LIMITS).splitlines()[2:]
    assert len(lines) == len(RULES)
    for line, rule in zip(lines, RULES.values(), strict=True):
        assert line.startswith(f"| {rule.name} | {rule.severity} | {rule.hold} | ")
        assert line.endswith(f" | {rule.runbook} |")


def test_documented_table_is_the_rules_of_production() -> None:
    replicas = yaml.safe_load(PRODUCTION.read_text())["config"]["gateway:litellm"]["replicas"]
    documented = DOCUMENTATION.read_text().split("<!-- alerts: begin -->\n\n")[1].split("\n\n<!-- alerts: end -->")[0]
    assert documented == markdown(thresholds(MonitoringSettings(), replicas)), "run `python -m tools.reference --write`"
