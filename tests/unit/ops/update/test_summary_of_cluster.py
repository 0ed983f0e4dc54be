"""A preview of a stack on a cluster, in words."""

from typing import Any

import pytest

from components.engine.labels import SCHEMA_LABEL
from ops.stack.state import CONFIG_MAP, DEPLOYMENT, JOB, SECRET, STATEFUL_SET
from ops.update.operations import OperationKind, parse_operations
from ops.update.summary import summarize
from tests.unit.ops.steps import SECRETS, UNKNOWN, event

SERVICE = "kubernetes:core/v1:Service"


def spec(image: str = "litellm:1", files: str = "old", strategy: str = "RollingUpdate", **more: Any) -> dict[str, Any]:
    container = {"name": "main", "image": image, "env": [{"name": "MODE", "value": "a"}], **more}
    volumes = [{"name": "files", "configMap": {"name": files}}]
    template = {"metadata": {"annotations": {}}, "spec": {"containers": [container], "volumes": volumes}}
    return {"spec": {"strategy": {"type": strategy}, "template": template}}


def replaced(name: str, kind: str, old: dict[str, Any], new: dict[str, Any], key: str) -> list[Any]:
    return [event(op, name, old, new, (key,), kind=kind) for op in ("create-replacement", "replace", "delete-replaced")]


def test_changed_configuration_shows_replicas_and_lines() -> None:
    files = replaced(
        "litellm-config", CONFIG_MAP, {"data": {"c.yaml": "a: 1\n"}}, {"data": {"c.yaml": "a: 2\n"}}, "data"
    )
    path = "spec.template.spec.volumes[0].configMap.name"
    pods = event("update", "litellm", spec(), spec(files=UNKNOWN), (path,), kind=DEPLOYMENT)
    assert summarize(parse_operations([*files, pods])).splitlines() == [
        "containers:",
        "  litellm  replaced, the new one beside the old: c.yaml",
        "",
        "c.yaml of litellm:",
        "  @@ -1 +1 @@",
        "  -a: 1",
        "  +a: 2",
        "",
        "migration: none runs",
        "",
        "requests at risk: none; each container that serves stops only when its successor is healthy",
    ]


def test_secrets_are_named_and_never_shown() -> None:
    secrets = [{"stringData": SECRETS}, {"stringData": {**SECRETS, "more": "sk-hidden"}}]
    files = replaced("litellm-secrets", SECRET, secrets[0], secrets[1], "stringData")
    pods = event("update", "litellm", spec(), spec(files=UNKNOWN), ("spec",), kind=DEPLOYMENT)
    text = summarize(parse_operations([*files, pods]))
    assert "litellm  replaced, the new one beside the old: secrets" in text
    assert "sk-hidden" not in text


@pytest.mark.parametrize(("kind", "strategy"), [(STATEFUL_SET, "RollingUpdate"), (DEPLOYMENT, "Recreate")])
def test_server_that_stops_first_is_a_risk(kind: str, strategy: str) -> None:
    pods = event("update", "postgres", spec(strategy=strategy), spec("pg:2", strategy=strategy), ("spec",), kind=kind)
    text = summarize(parse_operations([pods]))
    assert "postgres  stopped, then replaced: another image" in text
    assert "during the restart of postgres: requests whose key no replica has" in text


def test_change_that_leaves_the_pods_alone_restarts_nothing() -> None:
    more = {"spec": {**spec()["spec"], "replicas": 3}}
    (operation,) = parse_operations([event("update", "litellm", spec(), more, ("spec.replicas",), kind=DEPLOYMENT)])
    assert operation.kind is OperationKind.UPDATED
    assert "litellm  changed in place: replicas nothing → 3" in summarize([operation])


def test_migration_is_a_job_of_that_name() -> None:
    assert "migration: runs before" in summarize(parse_operations([event("create", "migration", None, {}, kind=JOB)]))
    assert "migration: none runs" in summarize(parse_operations([event("create", "migration", None, {}, kind=SERVICE)]))


def test_variables_and_annotations_are_named() -> None:
    new = spec(env=[{"name": "MODE", "value": "b"}])
    new["spec"]["template"]["metadata"]["annotations"] = {SCHEMA_LABEL: "litellm:2"}
    text = summarize(parse_operations([event("update", "litellm", spec(), new, ("spec",), kind=DEPLOYMENT)]))
    assert "litellm  replaced, the new one beside the old: another image's schema, MODE a → b" in text


def test_other_objects_are_listed_apart_from_files() -> None:
    made = [
        event("create", "redis-service", None, {}, kind=SERVICE),
        event("create", "redis-config", None, {}, kind=CONFIG_MAP),
    ]
    text = summarize(parse_operations(made))
    assert "other resources:\n  redis-service  created" in text
    assert "redis-config" not in text
