"""The checks across the parts of a stack."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pydantic import ValidationError

from components.images.catalog import IMAGES
from components.images.policy import Pinning
from components.stack import checks
from components.stack.read import parse
from components.stack.settings import Settings
from testbed.certificates import make

ACME = {"domains": ["llm.example.com"], "terms_of_service_agreed": True}


def test_default_stack_is_neither_refused_nor_warned_of() -> None:
    stack = Settings.model_validate({"mock_provider": {"enabled": True}})
    assert (checks.refusals(stack), checks.warnings(stack)) == ([], [])


@pytest.mark.parametrize("name", sorted(IMAGES))
def test_pinning_holds_for_each_image(name: str) -> None:
    images = {other: f"example/{other}:1.108.14@sha256:{'0' * 64}" for other in IMAGES} | {name: "example/it:latest"}
    with pytest.raises(pulumi.RunError, match=rf"^images\.{name}: example/it:latest should end with @sha256"):
        parse(
            {
                "gateway:images": json.dumps({"pinning": Pinning.DIGEST, **images}),
                "gateway:monitoring": json.dumps({"enabled": True, "grafana": {"enabled": False}}),
                "gateway:edge": json.dumps({"https_port": 443, "acme": ACME}),
            },
            "gateway",
        )


def test_pinning_does_not_ask_for_images_that_the_stack_lacks() -> None:
    images = {
        name: f"example/{name}:1.108.14@sha256:{'0' * 64}" for name in ("postgres", "redis", "haproxy", "litellm")
    }
    stack = Settings.model_validate({"images": {"pinning": "digest", **images, "prometheus": "example/it:latest"}})
    assert checks.refusals(stack) == []


def test_bad_release_is_refused_whatever_the_pinning() -> None:
    config = {"gateway:images": '{"pinning": "any", "litellm": "ghcr.io/berriai/litellm:v1.82.7"}'}
    with pytest.raises(
        pulumi.RunError, match=r"^images\.litellm: LiteLLM 1\.82\.7 must not run: it steals credentials"
    ):
        parse(config, "gateway")


def test_every_refusal_is_listed() -> None:
    stack = Settings.model_validate(
        {
            "images": {"litellm": "ghcr.io/berriai/litellm:v1.82.7"},
            "litellm": {"replicas": 2},
            "redis": {"enabled": False},
        }
    )
    assert [sentence.split(":")[0] for sentence in checks.refusals(stack)] == [
        "images.litellm",
        "redis.enabled",
        "litellm.config.use_redis_transaction_buffer",
    ]


@pytest.mark.parametrize(
    ("edge", "sentence"),
    [
        ({}, None),
        ({"address": "::1"}, None),
        ({"address": "0.0.0.0"}, "4000 on 0.0.0.0 without TLS"),  # noqa: S104
        ({"more_addresses": ["::"]}, "4000 on :: without TLS"),
        ({"address": "10.0.0.9", "https_port": 443}, "set edge.plain_address to 127.0.0.1"),
        ({"address": "10.0.0.9", "https_port": 443, "plain_address": "127.0.0.1"}, None),
    ],
)
def test_plain_port_that_other_machines_reach_is_a_warning(edge: dict[str, Any], sentence: str | None) -> None:
    now = datetime.now(UTC)
    pem = {"edge_certificate": make(now - timedelta(days=1), now + timedelta(days=90))} if "https_port" in edge else {}
    found = checks.warnings(Settings.model_validate({"mock_provider": {"enabled": True}, "edge": edge, **pem}))
    assert len(found) == (0 if sentence is None else 1)
    assert sentence is None or sentence in found[0]


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        (
            {"edge": {"proxy_port": 4001}},
            ["edge.health_port: port 4001 is edge.proxy_port's already; set another"],
        ),
        (
            {
                "edge": {"health_port": 9090},
                "monitoring": {"enabled": True, "port": 9090, "grafana": {"enabled": False}},
            },
            ["monitoring.port: port 9090 is edge.health_port's already; set another"],
        ),
        (
            {
                "edge": {"health_port": 9090, "address": "192.0.2.1"},
                "monitoring": {"enabled": True, "port": 9090, "grafana": {"enabled": False}},
            },
            [],
        ),
    ],
)
def test_port_of_another_setting_is_refused(settings: dict[str, object], sentences: list[str]) -> None:
    assert checks.refusals(Settings.model_validate(settings)) == sentences


def test_certificate_that_expires_soon_is_a_warning() -> None:
    now = datetime.now(UTC)
    pem = make(now - timedelta(days=1), now + timedelta(days=3))
    stack = Settings.model_validate(
        {"mock_provider": {"enabled": True}, "edge": {"https_port": 4443}, "edge_certificate": pem}
    )
    (warning,) = checks.warnings(stack)
    assert warning.startswith("edge_certificate: expires at ")


def test_acme_and_a_certificate_by_hand_exclude_each_other() -> None:
    now = datetime.now(UTC)
    pem = make(now - timedelta(days=1), now + timedelta(days=90))
    with pytest.raises(ValidationError, match=r"edge_certificate: edge\.acme\.domains gets one by ACME; remove one of"):
        Settings.model_validate({"edge": {"https_port": 443, "acme": ACME}, "edge_certificate": pem})


def on_cluster(**settings: Any) -> list[str]:
    given = {"engine": "kubernetes", "kubernetes": {"context": "test"}, "images": {"source": "official"}} | settings
    return checks.warnings(Settings.model_validate(given))


def test_clients_of_a_cluster_without_tls_are_a_warning() -> None:
    sentence = "edge.proxy_port: clients reach it without TLS; set edge.https_port and edge_certificate"
    assert sentence in on_cluster()
    inside = {"context": "test", "service": {"type": "ClusterIP"}}
    assert sentence not in on_cluster(kubernetes=inside)


INGRESS = {"context": "test", "service": {"type": "ClusterIP"}, "ingress": {"host": "llm.example.com"}}
ROUTE = {"gateway": "public", "namespace": "gateways"}


@pytest.mark.parametrize(
    ("edge", "kubernetes", "hidden"),
    [
        ({}, INGRESS, ["ingress"]),
        ({}, {"context": "test", "gateway_route": ROUTE}, ["gateway_route"]),
        ({"trusted_proxies": ["10.0.0.0/8"]}, INGRESS, []),
        ({}, {"context": "test"}, []),
    ],
    ids=["Ingress", "Gateway", "trusted", "neither"],
)
def test_clients_behind_one_address_are_a_warning(
    edge: dict[str, Any], kubernetes: dict[str, Any], hidden: list[str]
) -> None:
    found = [line for line in on_cluster(edge=edge, kubernetes=kubernetes) if line.startswith("edge.trusted_proxies")]
    assert found == [
        f"edge.trusted_proxies: is empty, so all clients of kubernetes.{name} have the address of its controller;"
        " name the network of its pods"
        for name in hidden
    ]


@pytest.mark.parametrize(("tls", "warned"), [(True, False), (False, True)])
def test_keys_in_clear_before_the_cluster_are_a_warning(*, tls: bool, warned: bool) -> None:
    found = on_cluster(kubernetes={**INGRESS, "ingress": {"host": "llm.example.com", "tls": tls}})
    assert ("kubernetes.ingress.tls: clients send keys in clear; set it to true" in found) is warned


def test_images_that_no_registry_has_are_a_warning_on_a_cluster() -> None:
    assert [line for line in on_cluster(images={"source": "built"}) if line.startswith("images.source: built images")]
    assert not [line for line in on_cluster() if line.startswith("images.source: ")]


def test_weight_on_some_deployments_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text("provider: groq\nmodel: m\ndeployments: [{weight: 1}, {model: n}]\n")
    stack = Settings.model_validate({"mock_provider": {"enabled": True}, "model_folder": str(tmp_path)})
    assert checks.warnings(stack) == ["model small: weight is on some deployments only; put it on all, or on none"]
