"""What is a risk of a stack that may run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.stack.checks.warnings import warnings
from components.stack.settings import Settings
from testbed.certificates import make

ACME = {"domains": ["llm.example.com"], "terms_of_service_agreed": True}


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
    found = warnings(Settings.model_validate({"mock_provider": {"enabled": True}, "edge": edge, **pem}))
    assert len(found) == (0 if sentence is None else 1)
    assert sentence is None or sentence in found[0]


def test_certificate_that_expires_soon_is_a_warning() -> None:
    now = datetime.now(UTC)
    pem = make(now - timedelta(days=1), now + timedelta(days=3))
    stack = Settings.model_validate(
        {"mock_provider": {"enabled": True}, "edge": {"https_port": 4443}, "edge_certificate": pem}
    )
    (warning,) = warnings(stack)
    assert warning.startswith("edge_certificate: expires at ")


@pytest.mark.parametrize(
    ("monitoring", "warned"),
    [({"enabled": True}, True), ({"enabled": True, "litellm_metrics": "dashboard"}, False), ({}, False)],
)
def test_own_metrics_that_leave_out_the_dashboard_s_are_a_warning(
    monitoring: dict[str, Any],
    warned: bool,  # noqa: FBT001
) -> None:
    own = {"litellm_settings": {"prometheus_metrics_config": [{"group": "a", "metrics": ["litellm_spend_metric"]}]}}
    given = {"mock_provider": {"enabled": True}, "litellm": {"config_yaml": own}, "monitoring": monitoring}
    sentence = (
        "litellm.config_yaml.litellm_settings.prometheus_metrics_config: leaves out what dashboard and alerts read;"
        " set monitoring.litellm_metrics: dashboard"
    )
    assert warnings(Settings.model_validate(given)) == [sentence] * warned


def on_cluster(**settings: Any) -> list[str]:
    given = {"engine": "kubernetes", "kubernetes": {"context": "test"}, "images": {"source": "official"}} | settings
    return warnings(Settings.model_validate(given))


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
    assert warnings(stack) == ["model small: weight is on some deployments only; put it on all, or on none"]
