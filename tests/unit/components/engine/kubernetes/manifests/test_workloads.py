"""Deployments, StatefulSets and Jobs around a pod."""

import json
from dataclasses import replace

import pytest

from components.engine.kubernetes.manifests.deployment import deployment
from components.engine.kubernetes.manifests.disruption_budget import disruption_budget
from components.engine.kubernetes.manifests.job import job_manifest
from components.engine.kubernetes.manifests.pod import pod
from components.engine.kubernetes.manifests.stateful_set import stateful_set
from components.engine.workload import Autoscaling, Replacement
from tests.unit.components.cluster import LABELS, METADATA, PODS, SELECTOR, labels
from tests.unit.components.workloads import JOB, SERVICE

COMPLETE = 'jsonpath={.status.conditions[?(@.type=="Progressing")].reason}=NewReplicaSetAvailable'
AUTOSCALING = Autoscaling(8, "sum(requests)", 40, "http://prometheus:9090", 300)


def test_replicated_service_becomes_a_deployment() -> None:
    assert deployment(PODS, SERVICE, {}, deadline=131, replicas=3, min_ready_seconds=30) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": "web-1",
            "namespace": "gateway-test",
            "labels": LABELS,
            "annotations": {"pulumi.com/waitFor": json.dumps([COMPLETE, "jsonpath={.status.availableReplicas}=3"])},
        },
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": SELECTOR},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": "100%"}},
            "minReadySeconds": 30,
            "progressDeadlineSeconds": 131,
            "revisionHistoryLimit": 0,
            "template": pod(PODS, SERVICE, {}, replicated=True),
        },
    }


@pytest.mark.parametrize(
    ("autoscaling", "scaled_before", "annotations"),
    [
        (None, False, {}),
        (AUTOSCALING, False, {"pulumi.com/patchForce": "true", "gateway.autoscaling": "true"}),
        (None, True, {"pulumi.com/patchForce": "true"}),
    ],
    ids=["fixed", "scales", "has-scaled"],
)
def test_update_takes_the_number_of_replicas_back_from_an_autoscaler_alone(
    autoscaling: Autoscaling | None, annotations: dict[str, str], *, scaled_before: bool
) -> None:
    service = replace(SERVICE, autoscaling=autoscaling, scaled_before=scaled_before)
    written = deployment(PODS, service, {}, deadline=131)["metadata"]["annotations"]
    assert {name: value for name, value in written.items() if name != "pulumi.com/waitFor"} == annotations


def test_number_of_pods_that_an_autoscaler_chooses_is_not_waited_for() -> None:
    scales = replace(SERVICE, autoscaling=AUTOSCALING)
    annotations = deployment(PODS, scales, {}, deadline=131, replicas=3)["metadata"]["annotations"]
    assert json.loads(annotations["pulumi.com/waitFor"]) == [COMPLETE]


@pytest.mark.parametrize(("max_surge", "written"), [(None, "100%"), (2, 2)])
def test_surge_is_all_or_as_many_as_the_setting_says(max_surge: int | None, written: object) -> None:
    spec = deployment(PODS, SERVICE, {}, deadline=131, max_surge=max_surge)["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": written}


def test_exclusive_service_ends_before_the_next_one_starts() -> None:
    exclusive = replace(SERVICE, replacement=Replacement.DELETE_BEFORE_CREATE)
    assert deployment(PODS, exclusive, {}, deadline=131)["spec"]["strategy"] == {"type": "Recreate"}


def test_server_of_a_claim_becomes_a_stateful_set() -> None:
    assert stateful_set(PODS, SERVICE, {}) == {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {
            "name": "web-1",
            "namespace": "gateway-test",
            "labels": LABELS,
            "annotations": {
                "pulumi.com/waitFor": json.dumps(
                    ["jsonpath={.status.updatedReplicas}=1", "jsonpath={.status.availableReplicas}=1"]
                )
            },
        },
        "spec": {
            "serviceName": "web",
            "replicas": 1,
            "selector": {"matchLabels": SELECTOR},
            "podManagementPolicy": "Parallel",
            "updateStrategy": {"type": "RollingUpdate"},
            "revisionHistoryLimit": 0,
            "template": pod(PODS, SERVICE, {}),
        },
    }


def test_job_has_one_attempt_and_keeps_its_log() -> None:
    attempted = replace(JOB, labels={"gateway.attempt": "2"})
    assert job_manifest(PODS, attempted, {}, deadline=8000) == {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "namespace": "gateway-test",
            "labels": labels("load"),
            "annotations": {"gateway.attempt": "2"},
        },
        "spec": {
            "backoffLimit": 0,
            "completions": 1,
            "parallelism": 1,
            "activeDeadlineSeconds": 8000,
            "template": pod(PODS, attempted, {}),
        },
    }


def test_drain_takes_one_replica_at_a_time() -> None:
    assert disruption_budget(METADATA, "web-1") == {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "web-1", "namespace": "gateway-test", "labels": LABELS},
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": SELECTOR},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
