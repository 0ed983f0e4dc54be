"""Why a stack must not run."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pulumi
import pytest
from pydantic import ValidationError

from components.images.catalog import IMAGES
from components.images.policy import Pinning
from components.stack.checks.refusals import refusals
from components.stack.checks.warnings import warnings
from components.stack.read import parse
from components.stack.settings import Settings
from testbed.certificates import make

ACME = {"domains": ["llm.example.com"], "terms_of_service_agreed": True}


def test_default_stack_is_neither_refused_nor_warned_of() -> None:
    stack = Settings.model_validate({"mock_provider": {"enabled": True}})
    assert (refusals(stack), warnings(stack)) == ([], [])


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
    assert refusals(stack) == []


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
    assert [sentence.split(":")[0] for sentence in refusals(stack)] == [
        "images.litellm",
        "redis.enabled",
        "litellm.config.use_redis_transaction_buffer",
    ]


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
    assert refusals(Settings.model_validate(settings)) == sentences


def test_acme_and_a_certificate_by_hand_exclude_each_other() -> None:
    now = datetime.now(UTC)
    pem = make(now - timedelta(days=1), now + timedelta(days=90))
    with pytest.raises(ValidationError, match=r"edge_certificate: edge\.acme\.domains gets one by ACME; remove one of"):
        Settings.model_validate({"edge": {"https_port": 443, "acme": ACME}, "edge_certificate": pem})


def test_client_certificates_that_a_route_would_lead_past_are_refused(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text(make(datetime.now(UTC), datetime.now(UTC) + timedelta(days=90)))
    cluster = {"context": "test", "ingress": {"host": "llm.example.com"}}
    stack = Settings.model_validate(
        {
            "engine": "kubernetes",
            "kubernetes": cluster,
            "images": {"source": "official"},
            "edge": {"https_port": 443, "client_ca": str(authority)},
            "edge_certificate": authority.read_text(),
        }
    )
    assert [line for line in refusals(stack) if line.startswith("kubernetes.ingress: leads to the edge's plain port")]
