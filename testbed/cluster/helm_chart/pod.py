"""Pods of the chart: LiteLLM, and its migration."""

from collections.abc import Mapping
from typing import Any

from components.litellm.environment import COMMON_ENVIRONMENT
from testbed.cluster.helm_chart.values import NAME, Manifest, Values

PORT = 4000
CONFIG_FILE = "/etc/litellm/config.yaml"
GRACE_SECONDS = 90
"""`terminationGracePeriodSeconds`. `lifecycle` is empty: the stop signal comes at once."""
PROBES = {
    "livenessProbe": ("/health/liveliness", 15, 5),
    "readinessProbe": ("/health/readiness", 10, 3),
    "startupProbe": ("/health/readiness", 10, 30),
}
"""Probe → its path, `periodSeconds` and `failureThreshold`."""
PROBE_TIMEOUT = 5
DATABASE_SECRET = "postgres"  # noqa: S105 - a name
DATABASE_URL = "postgresql://$(DATABASE_USERNAME):$(DATABASE_PASSWORD)@$(DATABASE_HOST)/$(DATABASE_NAME)"
POD_SECURITY = {
    "runAsNonRoot": True,
    "runAsUser": 101,
    "runAsGroup": 101,
    "seccompProfile": {"type": "RuntimeDefault"},
}
SECURITY = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def litellm(values: Values) -> Manifest:
    """Return the spec of a pod of LiteLLM. The image's own entrypoint starts it."""
    container = {
        "name": NAME,
        **_image(values),
        "env": [
            *_plain({"HOST": "0.0.0.0", "PORT": str(PORT)}),  # noqa: S104 - as the chart has it
            *_database(values),
            _secret("PROXY_MASTER_KEY", values.master_key_secret, "masterkey"),
            *_plain({"LITELLM_LOG": "INFO", **COMMON_ENVIRONMENT, "DISABLE_SCHEMA_UPDATE": "true"}),
        ],
        "args": ["--config", CONFIG_FILE],
        "ports": [{"name": "http", "containerPort": PORT, "protocol": "TCP"}],
        **{name: _probe(*settings) for name, settings in PROBES.items()},
        "resources": {},
        "volumeMounts": [{"name": "litellm-config", "mountPath": CONFIG_FILE, "subPath": "config.yaml"}],
    }
    source = {"name": values.config_map, "items": [{"key": "config.yaml", "path": "config.yaml"}]}
    return {
        **_pod(container),
        "volumes": [{"name": "litellm-config", "configMap": source}],
        "terminationGracePeriodSeconds": GRACE_SECONDS,
    }


def migration(values: Values) -> Manifest:
    """Return the spec of the migration's pod."""
    container = {
        "name": "prisma-migrations",
        **_image(values),
        "command": ["litellm", "--skip_server_startup"],
        "env": [*_database(values), *_plain({**COMMON_ENVIRONMENT, "DISABLE_SCHEMA_UPDATE": "false"})],
    }
    return {**_pod(container), "restartPolicy": "OnFailure"}


def _pod(container: Manifest) -> Manifest:
    return {"serviceAccountName": "default", "securityContext": POD_SECURITY, "containers": [container]}


def _image(values: Values) -> Manifest:
    return {"image": values.image, "imagePullPolicy": "IfNotPresent", "securityContext": SECURITY}


def _database(values: Values) -> list[dict[str, Any]]:
    """Return the variables of `db.useExisting`. The last one is made of the others, which stand before it."""
    place = {"DATABASE_HOST": values.database.endpoint, "DATABASE_NAME": values.database.name}
    return [
        _secret("DATABASE_USERNAME", DATABASE_SECRET, "username"),
        _secret("DATABASE_PASSWORD", DATABASE_SECRET, "password"),
        *_plain({**place, "DATABASE_URL": DATABASE_URL}),
    ]


def _plain(variables: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in variables.items()]


def _secret(name: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _probe(path: str, period: int, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": "http"},
        "initialDelaySeconds": 0,
        "periodSeconds": period,
        "timeoutSeconds": PROBE_TIMEOUT,
        "successThreshold": 1,
        "failureThreshold": failures,
    }
