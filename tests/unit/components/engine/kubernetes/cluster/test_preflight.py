"""The check of a cluster before anything is created."""

from pathlib import Path
from typing import Any

import pulumi
import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.kubernetes.cluster.preflight import check, ended_jobs
from components.engine.kubernetes.cluster.rights import allows, needed_rights
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.preflight import Host
from tests.unit.components.engine.kubernetes.cluster.api import Answers, serving

IMAGES = {"postgres": "postgres:15.19", "redis": "redis:7.2"}
ALL = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
CLASS = {"metadata": {"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}
NODE = {"spec": {}, "status": {"allocatable": {"cpu": "4", "memory": "8Gi"}}}
REVIEWS = "/apis/authorization.k8s.io/v1"
SETTINGS = KubernetesSettings(context="test")


def answers(rules: list[dict[str, Any]], **more: Any) -> Answers:
    return {
        "/version": {"major": "1", "minor": "34"},
        "/api/v1/nodes": {"items": [NODE, NODE]},
        "/apis/storage.k8s.io/v1/storageclasses": {"items": [CLASS]},
        f"{REVIEWS}/selfsubjectrulesreviews": {"status": {"resourceRules": rules}},
        f"{REVIEWS}/selfsubjectaccessreviews": {"status": {"allowed": False}},
        **more,
    }


def checked(folder: Path, given: Answers, asked: list[tuple[str, str, Any]] | None = None, **settings: Any) -> Host:
    with serving(folder, given, asked) as reached:
        used = KubernetesSettings.model_validate({**reached.model_dump(), **settings})
        return check(
            used, "prod", "gateway-prod", memory_mib=4096, millicores=3000, images=IMAGES, jobs={"migration", "dump"}
        )


def job(name: str, stack: str = "prod", attempt: str = "0", **status: int) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": stack}
    return {"metadata": {"labels": labels, "annotations": {"gateway.attempt": attempt}}, "status": status}


def test_good_cluster_is_described_as_a_host(tmp_path: Path) -> None:
    assert checked(tmp_path, answers(ALL)) == Host(
        port_holders={}, missing_images=(), processors=8, memory_mib=16384, root_cgroup=None, failed_attempts={}
    )


def test_replicas_that_an_autoscaler_has_chosen_are_seen(tmp_path: Path) -> None:
    labels = {"app.kubernetes.io/name": "litellm", "app.kubernetes.io/instance": "prod"}
    found = {"metadata": {"name": "litellm", "labels": labels, "annotations": {"pulumi.com/patchForce": "true"}}}
    deployments = {"/apis/apps/v1/namespaces/gateway-prod/deployments": {"items": [found]}}
    assert checked(tmp_path, {**answers(ALL), **deployments}).scaled_before
    assert not checked(tmp_path, answers(ALL)).scaled_before


def test_check_changes_nothing(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    checked(tmp_path, answers(ALL), asked)
    assert {path for path, _, body in asked if body} == {f"{REVIEWS}/selfsubjectrulesreviews"}


def test_failed_job_is_counted(tmp_path: Path) -> None:
    jobs = {"items": [job("migration", attempt="2", failed=1), job("dump", succeeded=1)]}
    host = checked(tmp_path, {**answers(ALL), "/apis/batch/v1/namespaces/gateway-prod/jobs": jobs})
    assert (host.attempt("migration"), host.attempt("dump")) == (3, 0)


def test_only_ended_jobs_of_the_stack_count() -> None:
    found = [
        job("migration", "other", failed=1),
        job("migration", active=1),
        job("load", failed=1),
        job("dump", failed=1),
    ]
    assert ended_jobs(found, "prod", {"migration", "dump"}) == [("dump", 0, 1)]


def test_missing_rights_are_a_sentence_for_each_resource(tmp_path: Path) -> None:
    reader = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}]
    with pytest.raises(pulumi.RunError) as caught:
        checked(tmp_path, answers(reader))
    lines = str(caught.value).splitlines()
    assert len(lines) == 9
    assert (
        "kubernetes.context: may not create, patch, delete deployments.apps in gateway-prod:"
        " `kubectl auth can-i create deployments.apps -n gateway-prod`"
    ) in lines


def test_rights_that_no_rule_lists_are_asked_for(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    allowed = {f"{REVIEWS}/selfsubjectaccessreviews": {"status": {"allowed": True}}}
    checked(tmp_path, {**answers([]), **allowed}, asked)
    attributes = [body["spec"]["resourceAttributes"] for path, _, body in asked if path.endswith("accessreviews")]
    assert len(attributes) == len(list(needed_rights(SETTINGS)))
    assert {
        "namespace": "gateway-prod", "group": "", "resource": "pods", "subresource": "log", "verb": "get",
    } in attributes  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create"]}, True),
        ({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, True),
        ({"apiGroups": [""], "resources": ["deployments"], "verbs": ["create"]}, False),
        ({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}, False),
        ({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["create"], "resourceNames": ["web"]}, False),
    ],
)
def test_rule_gives_a_right_for_every_object(rule: dict[str, Any], *, given: bool) -> None:
    assert allows([rule], ("apps", "deployments", "create")) is given


def test_all_refusals_are_shown_at_once(tmp_path: Path) -> None:
    old = {"/version": {"major": "1", "minor": "20"}, "/apis/storage.k8s.io/v1/storageclasses": {"items": []}}
    with pytest.raises(pulumi.RunError) as caught:
        checked(tmp_path, {**answers(ALL), **old})
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("setting", "value", "resources"),
    [
        ("ingress", {"host": "llm.example.com"}, {("networking.k8s.io", "ingresses")}),
        (
            "gateway_route",
            {"gateway": "public", "namespace": "gateways"},
            {("gateway.networking.k8s.io", "httproutes")},
        ),
        (
            "prometheus_operator",
            {},
            {("monitoring.coreos.com", "prometheusrules"), ("monitoring.coreos.com", "servicemonitors")},
        ),
    ],
)
def test_rights_of_an_add_on_are_needed_while_it_is_used(
    setting: str, value: dict[str, Any], resources: set[tuple[str, str]]
) -> None:
    using = KubernetesSettings.model_validate({"context": "test", setting: value})
    more = set(needed_rights(using)) - set(needed_rights(SETTINGS))
    assert {(group, resource) for group, resource, _ in more} == resources
    assert {verb for *_, verb in more} == {"get", "list", "watch", "create", "patch", "delete"}


def test_cluster_without_what_the_settings_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"^kubernetes\.prometheus_operator: the cluster does not serve"):
        checked(tmp_path, answers(ALL), prometheus_operator={})


def test_pods_are_made_only_where_external_databases_are_asked() -> None:
    more = set(needed_rights(SETTINGS, throwaway=True)) - set(needed_rights(SETTINGS))
    assert more == {("", "pods", "create"), ("", "pods", "delete")}


def test_image_that_cannot_open_the_data_is_refused(tmp_path: Path) -> None:
    labels = {"app.kubernetes.io/name": "postgres", "app.kubernetes.io/instance": "prod"}
    server = {
        "metadata": {"name": "postgres", "labels": labels},
        "spec": {"template": {"spec": {"containers": [{"image": "postgres:16.2"}]}}},
    }
    sets = {"/apis/apps/v1/namespaces/gateway-prod/statefulsets": {"items": [server]}}
    with pytest.raises(pulumi.RunError, match=r"^images\.postgres: postgres:15\.19 cannot open what PostgreSQL 16\.2"):
        checked(tmp_path, {**answers(ALL), **sets})
