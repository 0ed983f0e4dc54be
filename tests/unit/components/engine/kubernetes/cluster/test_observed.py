"""What is refused for a cluster's answers."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.host.data_version import Server
from components.engine.kubernetes.cluster.observed import (
    Observed,
    engine_objects,
    memory_mib,
    processors,
    refusals,
    running_servers,
    warnings,
)
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.ownership import EngineObject, ObjectKind

SETTINGS = KubernetesSettings(context="prod")
DEFAULT = {"metadata": {"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}
OTHER_CLASS = {"metadata": {"name": "slow"}}
GOOD = Observed(
    version={"major": "1", "minor": "34+"},
    nodes=[],
    storage_classes=[DEFAULT, OTHER_CLASS],
    namespace=None,
    objects=[],
    quotas=[],
    limit_ranges=[],
)


def labelled(name: str, stack: str, kind: str = "ConfigMap") -> dict[str, Any]:
    labels = {"app.kubernetes.io/instance": stack, "gateway.identity": "0123"}
    return {"kind": kind, "metadata": {"name": name, "uid": f"uid-{name}", "labels": labels}}


def refused(observed: Observed, **settings: Any) -> list[str]:
    changed = SETTINGS.model_copy(update=settings)
    return refusals(observed, changed, "prod", "gateway-prod", memory_mib=4096, millicores=3000)


def test_good_cluster_is_not_refused() -> None:
    assert refused(GOOD) == []


@pytest.mark.parametrize(("minor", "too_old"), [("30", True), ("30+", True), ("31", False), ("40", False)])
def test_old_kubernetes_is_refused(minor: str, *, too_old: bool) -> None:
    found = refused(replace(GOOD, version={"major": "1", "minor": minor}))
    assert found == ["the cluster runs Kubernetes 1.30; 1.31 or newer is needed"] * too_old


def test_namespace_of_another_stack_is_refused() -> None:
    found = refused(replace(GOOD, objects=[labelled("gateway-identity", "staging"), labelled("litellm", "prod")]))
    assert found == [
        "kubernetes.namespace: gateway-prod is that of the stack staging; give this stack another",
    ]


def test_namespace_that_somebody_made_is_used_only_on_purpose() -> None:
    there = replace(GOOD, namespace={"metadata": {"name": "gateway-prod"}})
    (found,) = refused(there)
    assert found.startswith(
        "kubernetes.namespace: gateway-prod exists already; set kubernetes.create_namespace to false"
    )
    assert refused(there, create_namespace=False) == []


def test_own_namespace_is_used_again() -> None:
    assert refused(replace(GOOD, namespace=labelled("gateway-prod", "prod", "Namespace"))) == []


def test_missing_namespace_is_refused_where_it_is_not_made() -> None:
    assert refused(GOOD, create_namespace=False) == [
        "kubernetes.namespace: gateway-prod does not exist; `kubectl create namespace gateway-prod`"
    ]


def test_namespace_that_may_not_be_read_counts_as_there() -> None:
    assert refused(replace(GOOD, objects=[labelled("gateway-identity", "prod")]), create_namespace=False) == []


def test_namespace_on_its_way_out_is_refused() -> None:
    going = {**labelled("gateway-prod", "prod", "Namespace"), "status": {"phase": "Terminating"}}
    assert refused(replace(GOOD, namespace=going)) == [
        "kubernetes.namespace: gateway-prod is being deleted; wait until it is gone"
    ]


@pytest.mark.parametrize(
    ("classes", "named", "sentence"),
    [
        ([OTHER_CLASS], None, "the cluster has no default; set one of slow"),
        ([], None, "the cluster has no default; set one of none"),
        ([DEFAULT], "huge", "the cluster has no huge; it has fast"),
        ([DEFAULT, OTHER_CLASS], "slow", None),
        (None, "huge", None),
    ],
    ids=["no default", "none at all", "unknown", "known", "may not be listed"],
)
def test_storage_class_has_to_exist(
    classes: list[dict[str, Any]] | None, named: str | None, sentence: str | None
) -> None:
    found = refused(replace(GOOD, storage_classes=classes), storage_class=named)
    assert found == ([f"kubernetes.storage_class: {sentence}"] if sentence else [])


def test_small_quota_is_refused() -> None:
    small = {"metadata": {"name": "team"}, "spec": {"hard": {"memory": "2Gi"}}}
    (found,) = refused(replace(GOOD, quotas=[small]))
    assert found.startswith("kubernetes.namespace: quota team of gateway-prod allows 2048 MiB of memory")


def test_nodes_that_take_no_pods_do_not_count() -> None:
    allocatable = {"allocatable": {"cpu": "3920m", "memory": "16Gi"}}
    nodes: list[dict[str, Any]] = [
        {"spec": {}, "status": allocatable},
        {"spec": {"taints": [{"key": "soft", "effect": "PreferNoSchedule"}]}, "status": allocatable},
        {"spec": {"unschedulable": True}, "status": allocatable},
        {"spec": {"taints": [{"key": "control-plane", "effect": "NoSchedule"}]}, "status": allocatable},
    ]
    assert (processors(nodes), memory_mib(nodes)) == (7, 32768)


def test_nodes_with_fewer_processors_than_pods_ask_for_are_warned_of() -> None:
    nodes = [{"spec": {}, "status": {"allocatable": {"cpu": "1920m", "memory": "4Gi"}}}]
    assert warnings(nodes, 1920) == ()
    (warning,) = warnings(nodes, 2812)
    assert "the pods ask for 2.812 processors while an update runs, and the nodes have 1.92" in warning
    assert warnings(None, 10**6) == ()


def test_nodes_that_may_not_be_listed_are_enough() -> None:
    assert processors(None) >= 1000
    assert memory_mib(None) >= 2**20


def test_objects_of_the_stack_have_their_identity() -> None:
    found = engine_objects(
        [labelled("litellm", "prod", "Deployment"), labelled("litellm", "dev", "Deployment")], "prod"
    )
    assert found == (EngineObject(ObjectKind.OBJECT, "uid-litellm", "deployment/litellm", "0123"),)


def stateful_set(name: str, image: str, stack: str = "prod") -> dict[str, Any]:
    found = labelled(name, stack, "StatefulSet")
    found["metadata"]["labels"]["app.kubernetes.io/name"] = name
    return found | {"spec": {"template": {"spec": {"containers": [{"image": image}]}}}}


def test_servers_whose_image_changes_have_a_version() -> None:
    objects = [
        stateful_set("postgres", "postgres:15.19-bookworm"),
        stateful_set("redis", "redis:7.2"),
        stateful_set("prometheus", "prometheus@sha256:0"),
        stateful_set("backup", "postgres:15.19"),
        stateful_set("postgres", "postgres:14", "other"),
    ]
    images = {"postgres": "postgres:16", "redis": "redis:7.2", "prometheus": "prometheus:v3"}
    assert running_servers(objects, "prod", images) == {"postgres": Server("PostgreSQL", (15, 19))}
