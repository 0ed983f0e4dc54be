"""The manifests of LiteLLM's Helm chart that a stack is compared with: its facts, and what a change touches."""

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from testbed.cluster.helm_chart import manifests
from testbed.cluster.helm_chart.values import Database, Values

VALUES = Values(
    release="chart",
    namespace="helm-chart",
    image="localhost/gateway/litellm:1",
    replicas=2,
    node_port=30420,
    database=Database("postgres.stack.svc.cluster.local", "helm_chart", "owner", "the-password"),
    master_key="sk-the-master-key",
    proxy_config={"model_list": [{"model_name": "one", "litellm_params": {"model": "openai/one"}}]},
)
Found = dict[str, dict[str, Any]]


def by_kind(items: list[dict[str, Any]]) -> Found:
    return {each["kind"]: each for each in items}


@pytest.fixture
def release() -> Found:
    return by_kind(manifests.release(VALUES))


@pytest.fixture
def deployment(release: Found) -> dict[str, Any]:
    found: dict[str, Any] = release["Deployment"]["spec"]
    return found


@pytest.fixture
def migration() -> dict[str, Any]:
    found: dict[str, Any] = by_kind(manifests.prerequisites(VALUES))["Job"]["spec"]
    return found


def container(workload: dict[str, Any]) -> dict[str, Any]:
    (found,) = workload["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def variables(workload: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container(workload)["env"]}


def test_update_and_stop_are_those_of_the_chart_s_defaults(deployment: dict[str, Any]) -> None:
    assert not {"strategy", "minReadySeconds"} & deployment.keys()
    assert "lifecycle" not in container(deployment)
    assert deployment["template"]["spec"]["terminationGracePeriodSeconds"] == 90
    assert "GRACEFUL_SHUTDOWN_TIMEOUT" not in variables(deployment)


@pytest.mark.parametrize(
    ("probe", "path", "period", "failures"),
    [
        ("livenessProbe", "/health/liveliness", 15, 5),
        ("readinessProbe", "/health/readiness", 10, 3),
        ("startupProbe", "/health/readiness", 10, 30),
    ],
)
def test_probes_are_the_chart_s(deployment: dict[str, Any], probe: str, path: str, period: int, failures: int) -> None:
    assert container(deployment)[probe] == {
        "httpGet": {"path": path, "port": "http"},
        "initialDelaySeconds": 0,
        "periodSeconds": period,
        "timeoutSeconds": 5,
        "successThreshold": 1,
        "failureThreshold": failures,
    }


def test_image_s_own_entrypoint_gets_the_chart_s_arguments(deployment: dict[str, Any]) -> None:
    assert "command" not in container(deployment)
    assert container(deployment)["args"] == ["--config", "/etc/litellm/config.yaml"]


def test_service_leads_to_the_pods(release: Found, deployment: dict[str, Any]) -> None:
    labels = deployment["template"]["metadata"]["labels"]
    for selector in (release["Service"]["spec"]["selector"], deployment["selector"]["matchLabels"]):
        assert selector.items() <= labels.items()
    (port,) = release["Service"]["spec"]["ports"]
    (opened,) = container(deployment)["ports"]
    assert port["targetPort"] == opened["name"]
    assert (port["port"], port["nodePort"]) == (opened["containerPort"], 30420)


def test_pods_mount_config_yaml_and_read_their_master_key_from_a_secret(
    release: Found, deployment: dict[str, Any]
) -> None:
    config = yaml.safe_load(release["ConfigMap"]["data"]["config.yaml"])
    assert config["general_settings"] == {"master_key": "os.environ/PROXY_MASTER_KEY"}
    assert config["model_list"] == VALUES.proxy_config["model_list"]
    (volume,) = deployment["template"]["spec"]["volumes"]
    (mount,) = container(deployment)["volumeMounts"]
    assert volume["configMap"]["name"] == release["ConfigMap"]["metadata"]["name"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], container(deployment)["args"][1])


def test_variables_of_secrets_name_keys_that_there_are(deployment: dict[str, Any], migration: dict[str, Any]) -> None:
    made = {
        each["metadata"]["name"]: each["stringData"].keys()
        for each in manifests.prerequisites(VALUES)
        if each["kind"] == "Secret"
    }
    for workload in (deployment, migration):
        named = [value["secretKeyRef"] for value in variables(workload).values() if isinstance(value, dict)]
        assert named
        assert [each for each in named if each["key"] not in made[each["name"]]] == []


def test_secrets_are_in_secrets_alone() -> None:
    others = [each for each in manifests.prerequisites(VALUES) + manifests.release(VALUES) if each["kind"] != "Secret"]
    assert [secret for secret in ("the-password", "sk-the-master-key") if secret in json.dumps(others)] == []
    assert "the-" not in repr(VALUES)


def test_database_s_address_is_made_of_variables_that_stand_before_it(deployment: dict[str, Any]) -> None:
    names = [each["name"] for each in container(deployment)["env"]]
    url = variables(deployment)["DATABASE_URL"]
    parts = [name for name in names if f"$({name})" in url]
    assert parts == ["DATABASE_USERNAME", "DATABASE_PASSWORD", "DATABASE_HOST", "DATABASE_NAME"]
    assert names.index("DATABASE_URL") > max(map(names.index, parts))


def test_migration_alone_changes_the_schema(deployment: dict[str, Any], migration: dict[str, Any]) -> None:
    assert variables(deployment)["DISABLE_SCHEMA_UPDATE"] == "true"
    assert variables(migration)["DISABLE_SCHEMA_UPDATE"] == "false"
    settings = ("ttlSecondsAfterFinished", "backoffLimit", "activeDeadlineSeconds")
    assert tuple(migration[each] for each in settings) == (120, 4, 1800)
    assert migration["template"]["spec"]["restartPolicy"] == "OnFailure"


def test_pods_fit_the_restricted_standard_that_their_namespace_enforces(
    deployment: dict[str, Any], migration: dict[str, Any]
) -> None:
    namespace = by_kind(manifests.prerequisites(VALUES))["Namespace"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for workload in (deployment, migration):
        pod = workload["template"]["spec"]["securityContext"]
        assert pod["runAsNonRoot"] is True
        assert pod["runAsUser"] > 0
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container(workload)["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }


def test_new_line_of_config_yaml_replaces_the_pods_and_nothing_else() -> None:
    changed = replace(VALUES, proxy_config={**VALUES.proxy_config, "litellm_settings": {"num_retries": 4}})
    before, after = by_kind(manifests.release(VALUES)), by_kind(manifests.release(changed))
    assert before["ConfigMap"] != after["ConfigMap"]
    annotations = [each["Deployment"]["spec"]["template"]["metadata"].pop("annotations") for each in (before, after)]
    assert annotations[0]["checksum/config"] != annotations[1]["checksum/config"]
    assert (before["Deployment"], before["Service"]) == (after["Deployment"], after["Service"])
    assert manifests.prerequisites(VALUES) == manifests.prerequisites(changed)
