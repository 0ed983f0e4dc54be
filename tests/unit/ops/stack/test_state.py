"""Pulumi's exported state is read as data; its secrets are in no printed form."""

import json
from typing import Any

import pytest

from ops.stack.state import (
    CONTAINER,
    PASSWORD,
    decrypted,
    generated_secrets,
    has_protected_resource,
    pending_operations,
    recorded_resources,
)


def secret(value: Any) -> dict[str, str]:
    return {"mark": "secret", "plaintext": json.dumps(value)}


def password(name: str, value: str | None, *, delete: bool = False) -> dict[str, Any]:
    outputs = {"result": secret(value)} if value else {}
    return {
        "urn": f"urn:pulumi:dev::gateway::{PASSWORD}::{name}",
        "type": PASSWORD,
        "outputs": outputs,
        "delete": delete,
    }


def test_secrets_are_decrypted_at_any_depth() -> None:
    value = {"a": [secret({"b": secret("c")})], "d": 1}
    assert decrypted(value) == {"a": [{"b": "c"}], "d": 1}


def test_a_secret_of_a_resource_is_in_no_printed_form() -> None:
    inputs = {"uploads": secret([{"content": "hush"}])}
    deployment = {"resources": [{"urn": "u::files", "type": CONTAINER, "id": "1", "inputs": inputs}]}
    (resource,) = recorded_resources(deployment)
    assert resource.inputs["uploads"][0]["content"] == "hush"
    assert "hush" not in repr(resource)


def test_components_and_providers_are_left_out() -> None:
    resources = [
        {"urn": "u::litellm", "type": "gateway:index:LiteLLM"},
        {"urn": "u::docker", "type": "pulumi:providers:docker", "id": "1"},
    ]
    assert recorded_resources({"resources": resources}) == []
    assert recorded_resources(None) == []


def test_operations_that_never_ended_are_named() -> None:
    pending = {"pending_operations": [{"type": "creating", "resource": {"urn": "u::litellm-1"}}]}
    assert pending_operations(pending) == ["creating litellm-1"]
    assert pending_operations({"pending_operations": None}) == []


def test_generated_secrets_are_those_that_are_not_due_for_deletion() -> None:
    resources = [
        password("salt-key", "salt"),
        password("master-key", "new"),
        password("master-key", "old", delete=True),
        password("empty", None),
    ]
    assert generated_secrets({"resources": resources}) == {"salt-key": "salt", "master-key": "new", "empty": ""}


def test_one_protected_resource_protects_the_stack() -> None:
    assert has_protected_resource({"resources": [{"urn": "volume", "protect": True}, {"urn": "network"}]})


@pytest.mark.parametrize("deployment", [None, {}, {"resources": None}, {"resources": [{"urn": "network"}]}])
def test_a_stack_without_a_protected_resource_is_not_protected(deployment: dict[str, Any] | None) -> None:
    assert not has_protected_resource(deployment)


def test_object_of_a_cluster_has_the_id_by_which_its_engine_knows_it() -> None:
    resource = {"urn": "u::redis", "type": "kubernetes:apps/v1:StatefulSet", "id": "gateway-blue/redis"}
    assert [each.id for each in recorded_resources({"resources": [resource]})] == ["statefulset/redis"]
