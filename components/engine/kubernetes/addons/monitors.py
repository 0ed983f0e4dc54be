"""What a Prometheus of the Prometheus operator reads and judges: a ServiceMonitor for each job, and a PrometheusRule.

https://prometheus-operator.dev/docs/api-reference/api/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.engine.kubernetes.addons.settings import PrometheusOperatorSettings
from components.engine.kubernetes.manifests.metadata import SKIP_AWAIT, Manifest, Metadata
from components.engine.kubernetes.manifests.network_policies import NAMESPACE_LABEL, ingress_policy
from components.engine.metrics import ScrapeJob, scrape_timeout

API_GROUP = "monitoring.coreos.com"
API = f"{API_GROUP}/v1"
PORT_NAME = "metrics"
"""Of the port of each Service of metrics."""
RULES = "gateway"


def manifests(
    metadata: Metadata,
    settings: PrometheusOperatorSettings,
    jobs: Sequence[ScrapeJob],
    rules: Mapping[str, Any],
    scrape_interval: int,
) -> dict[str, Manifest]:
    """Return all objects, by the names of their resources."""
    found = {}
    for job in jobs:
        found[f"{job.name}-metrics-service"] = service(metadata, job)
        found[f"{job.name}-metrics-policy"] = policy(metadata, job, settings)
        found[f"{job.name}-monitor"] = service_monitor(metadata, job, settings, scrape_interval)
    return {**found, "alert-rules": prometheus_rule(metadata, rules, settings, scrape_interval)}


def service(metadata: Metadata, job: ScrapeJob) -> Manifest:
    """Return the Service by which Prometheus finds every pod, also one that is not ready."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata.of(_name(job), name=_name(job), annotations=SKIP_AWAIT),
        "spec": {
            "type": "ClusterIP",
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": metadata.labels(job.alias),
            "ports": [{"name": PORT_NAME, "port": job.port, "targetPort": job.port, "protocol": "TCP"}],
        },
    }


def policy(metadata: Metadata, job: ScrapeJob, settings: PrometheusOperatorSettings) -> Manifest:
    """Return the policy that lets Prometheus in, to the port of one job's metrics."""
    chosen = {"matchLabels": {NAMESPACE_LABEL: settings.namespace}} if settings.namespace else {}
    return ingress_policy(metadata, _name(job), job.alias, chosen, (job.port,))


def service_monitor(
    metadata: Metadata, job: ScrapeJob, settings: PrometheusOperatorSettings, scrape_interval: int
) -> Manifest:
    """Return the ServiceMonitor of a job. The operator adds the label `namespace` to every series."""
    endpoint = {
        "port": PORT_NAME,
        "path": job.path,
        **job.params,
        "interval": f"{scrape_interval}s",
        "scrapeTimeout": scrape_timeout(scrape_interval),
        # The rules and the dashboard ask for the job by this name.
        "relabelings": [{"action": "replace", "targetLabel": "job", "replacement": job.name}],
    }
    selector = {"matchLabels": metadata.labels(_name(job))}
    return _custom(metadata, "ServiceMonitor", _name(job), settings, {"selector": selector, "endpoints": [endpoint]})


def prometheus_rule(
    metadata: Metadata, rules: Mapping[str, Any], settings: PrometheusOperatorSettings, interval: int
) -> Manifest:
    """Return the alert rules, judged as often as the metrics are read."""
    groups = [{"interval": f"{interval}s", **group} for group in rules["groups"]]
    return _custom(metadata, "PrometheusRule", RULES, settings, {"groups": groups})


def _name(job: ScrapeJob) -> str:
    return f"{job.name}-{PORT_NAME}"


def _custom(
    metadata: Metadata, kind: str, name: str, settings: PrometheusOperatorSettings, spec: dict[str, Any]
) -> Manifest:
    found = metadata.of(name, name=name, annotations=SKIP_AWAIT)
    return {
        "apiVersion": API,
        "kind": kind,
        "metadata": {**found, "labels": {**settings.labels, **found["labels"]}},
        "spec": spec,
    }
