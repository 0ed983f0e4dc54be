"""The objects of a release of the chart."""

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml

from testbed.cluster.helm_chart import pod
from testbed.cluster.helm_chart.values import COMPONENT, Manifest, Values

MASTER_KEY = {"master_key": "os.environ/PROXY_MASTER_KEY"}


def prerequisites(values: Values) -> list[Manifest]:
    """Return the namespace, the Secrets and the migration."""
    levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    database = {"username": values.database.username, "password": values.database.password}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": values.namespace, "labels": levels}},
        _secret(values, pod.DATABASE_SECRET, database),
        _secret(values, values.master_key_secret, {"masterkey": values.master_key}),
        _object(values, "batch/v1", "Job", values.migration, spec=_migration(values)),
    ]


def release(values: Values) -> list[Manifest]:
    """Return config.yaml, the Service and the Deployment."""
    text = config_yaml(values)
    port = {"name": "http", "port": pod.PORT, "targetPort": "http", "protocol": "TCP", "nodePort": values.node_port}
    service = {"type": "NodePort", "ports": [port], "selector": values.selector}
    return [
        _object(values, "v1", "ConfigMap", values.config_map, data={"config.yaml": text}),
        _object(values, "v1", "Service", values.fullname, spec=service),
        _object(values, "apps/v1", "Deployment", values.fullname, spec=_deployment(values, text)),
    ]


def config_yaml(values: Values) -> str:
    """Return config.yaml as text."""
    return yaml.safe_dump({"general_settings": MASTER_KEY, **values.proxy_config})


def _deployment(values: Values, config: str) -> Manifest:
    """Return the Deployment's spec. `strategy` is empty in the chart, so Kubernetes' own default holds.

    The annotation replaces the pods when config.yaml changes.
    """
    checksum = hashlib.sha256(config.encode()).hexdigest()
    metadata = {"labels": {**values.selector, **COMPONENT}, "annotations": {"checksum/config": checksum}}
    return {
        "replicas": values.replicas,
        "selector": {"matchLabels": values.selector},
        "template": {"metadata": metadata, "spec": pod.litellm(values)},
    }


def _migration(values: Values) -> Manifest:
    return {
        "ttlSecondsAfterFinished": 120,
        "backoffLimit": 4,
        "activeDeadlineSeconds": 1800,
        "template": {"metadata": {"labels": values.selector}, "spec": pod.migration(values)},
    }


def _secret(values: Values, name: str, texts: Mapping[str, str]) -> Manifest:
    return _object(values, "v1", "Secret", name, type="Opaque", stringData=dict(texts))


def _object(values: Values, version: str, kind: str, name: str, **content: Any) -> Manifest:
    metadata = {"name": name, "namespace": values.namespace, "labels": values.selector}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **content}
