"""The settings of a cluster."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.workload import DataVolume
from components.settings.errors import sentences


def refused(**settings: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        KubernetesSettings.model_validate({"context": "prod", **settings})
    return sentences(caught.value, KubernetesSettings)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"context": ""}, "context: must not be empty"),
        ({"namespace": "Own_Space"}, "namespace: should match"),
        ({"volumes_gib": {"backups": 0}}, "volumes_gib.backups: should be at least 1, not 0"),
        ({"edge_replicas": 0}, "edge_replicas: should be at least 1, not 0"),
        ({"service": {"type": "Ingress"}}, "service.type: should be LoadBalancer, NodePort or ClusterIP"),
        (
            {"service": {"type": "ClusterIP", "node_ports": {"proxy": 30400}}},
            "service.node_ports: a ClusterIP has none; remove them, or set type to NodePort",
        ),
        (
            {"service": {"node_ports": {"admin": 30400}}},
            "service.node_ports: has no port admin; known are proxy, health, https, redirect",
        ),
        (
            {"service": {"type": "NodePort", "source_ranges": ["10.0.0.0/8"]}},
            "service.source_ranges: belongs to a LoadBalancer; remove it",
        ),
    ],
)
def test_wrong_setting_is_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    (found,) = refused(**settings)
    assert found.startswith(sentence)


def test_context_is_never_the_current_one() -> None:
    with pytest.raises(ValidationError) as caught:
        KubernetesSettings.model_validate({})
    assert sentences(caught.value, KubernetesSettings) == ["context: is required"]


def test_volume_has_a_size_of_its_own_or_the_default() -> None:
    settings = KubernetesSettings(context="prod", volumes_gib={"backups": 500})
    sizes = [settings.size_gib(DataVolume(name, size_gib=4)) for name in ("backups", "redis-data")]
    assert sizes == [500, 4]


@pytest.mark.parametrize(
    ("settings", "stack", "name"),
    [({}, "prod", "gateway-prod"), ({}, "Team_A.eu", "gateway-team-a-eu"), ({"namespace": "llm"}, "prod", "llm")],
)
def test_stack_has_a_namespace_of_its_own(settings: dict[str, Any], stack: str, name: str) -> None:
    assert KubernetesSettings(context="prod", **settings).namespace_of("gateway", stack) == name


def test_stack_whose_name_makes_no_namespace_needs_one() -> None:
    with pytest.raises(
        ValueError, match=re.escape("kubernetes.namespace: gateway-prod- is no name of a namespace; set one")
    ):
        KubernetesSettings(context="prod").namespace_of("gateway", "prod_")


def test_stack_s_name_leaves_room_for_the_names_of_claims() -> None:
    settings = KubernetesSettings(context="prod", namespace="llm")
    assert settings.namespace_of("gateway", "s" * 33) == "llm"
    with pytest.raises(ValueError, match=r"^the stack's name s+ is longer than 33, which a cluster has room for$"):
        settings.namespace_of("gateway", "s" * 34)
