"""What a Prometheus of the Prometheus operator reads and judges."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.engine.kubernetes.addons.monitors import manifests
from components.engine.kubernetes.addons.settings import PrometheusOperatorSettings
from components.engine.kubernetes.manifests.metadata import Manifest
from components.engine.metrics import ScrapeJob
from tests.unit.components.cluster import METADATA, labels

PLAIN = ScrapeJob("postgres", "postgres-exporter", 9187)
PROBE = ScrapeJob("certificate", "blackbox-exporter", 9115, "/probe", {"target": ("edge:4443",)})
RULES = {"groups": [{"name": "gateway", "rules": [{"alert": "PostgresDown", "expr": "pg_up == 0"}]}]}
CHOSEN = {"release": "kube-prometheus-stack"}


def made(job: ScrapeJob = PLAIN, scrape_interval: int = 15, **settings: Any) -> dict[str, Manifest]:
    return manifests(METADATA, PrometheusOperatorSettings(**settings), [job], RULES, scrape_interval)


def test_every_job_has_its_own_service_policy_and_monitor() -> None:
    assert list(made()) == ["postgres-metrics-service", "postgres-metrics-policy", "postgres-monitor", "alert-rules"]


def test_service_of_metrics_finds_every_pod_by_a_named_port() -> None:
    assert made()["postgres-metrics-service"] == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "postgres-metrics",
            "namespace": "gateway-test",
            "labels": labels("postgres-metrics"),
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "type": "ClusterIP",
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": METADATA.labels("postgres-exporter"),
            "ports": [{"name": "metrics", "port": 9187, "targetPort": 9187, "protocol": "TCP"}],
        },
    }


def test_monitor_reads_that_service_alone_under_the_job_s_name() -> None:
    assert made(labels=CHOSEN)["postgres-monitor"] == {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {
            "name": "postgres-metrics",
            "namespace": "gateway-test",
            "labels": {**CHOSEN, **labels("postgres-metrics")},
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "selector": {"matchLabels": METADATA.labels("postgres-metrics")},
            "endpoints": [
                {
                    "port": "metrics",
                    "path": "/metrics",
                    "interval": "15s",
                    "scrapeTimeout": "10s",
                    "relabelings": [{"action": "replace", "targetLabel": "job", "replacement": "postgres"}],
                }
            ],
        },
    }


def test_probe_is_asked_with_its_parameters_within_the_interval() -> None:
    (endpoint,) = made(PROBE, 5)["certificate-monitor"]["spec"]["endpoints"]
    assert (endpoint["path"], endpoint["params"]) == ("/probe", {"target": ["edge:4443"]})
    assert (endpoint["interval"], endpoint["scrapeTimeout"]) == ("5s", "5s")


def test_prometheus_reaches_the_port_of_metrics_alone() -> None:
    policy = made(namespace="monitoring")["postgres-metrics-policy"]["spec"]
    where = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    assert policy == {
        "podSelector": {"matchLabels": METADATA.labels("postgres-exporter")},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [where], "ports": [{"protocol": "TCP", "port": 9187}]}],
    }
    (anywhere,) = made()["postgres-metrics-policy"]["spec"]["ingress"]
    assert anywhere["from"] == [{"namespaceSelector": {}}]


def test_rules_are_judged_as_often_as_metrics_are_read() -> None:
    rule = made(labels=CHOSEN, scrape_interval=30)["alert-rules"]
    assert (rule["apiVersion"], rule["kind"]) == ("monitoring.coreos.com/v1", "PrometheusRule")
    assert rule["metadata"]["labels"] == {**CHOSEN, **labels("gateway")}
    assert rule["spec"] == {"groups": [{"interval": "30s", **RULES["groups"][0]}]}


@pytest.mark.parametrize("name", ["app.kubernetes.io/instance", "gateway.identity"])
def test_label_of_the_stack_s_own_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=rf"labels\.{name}: is a label of the stack's own; choose another"):
        made(labels={name: "theirs"})
