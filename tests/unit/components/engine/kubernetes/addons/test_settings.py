"""The settings of what stands beside a stack on its cluster."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.engine.kubernetes.settings import KubernetesSettings
from components.settings.errors import sentences

ROUTE = {"gateway": "public", "namespace": "gateways"}


def settings(**given: Any) -> KubernetesSettings:
    return KubernetesSettings.model_validate({"context": "prod", **given})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ingress": {}}, "ingress.host: is required"),
        ({"ingress": {"host": "*.example.com"}}, "ingress.host: should match"),
        ({"ingress": {"host": "LLM.example.com"}}, "ingress.host: should match"),
        (
            {"ingress": {"host": "llm.example.com", "tls": False, "tls_secret_name": "llm"}},
            "ingress.tls_secret_name: needs tls; set it to true, or remove the name",
        ),
        ({"gateway_route": {"gateway": "public"}}, "gateway_route.namespace: is required"),
        ({"gateway_route": {**ROUTE, "hostnames": ["https://a.b"]}}, "gateway_route.hostnames[0]: should match"),
        ({"gateway_route": {**ROUTE, "timeout": -1}}, "gateway_route.timeout: should be at least 0, not -1"),
        ({"prometheus_operator": {"namespace": "Monitoring"}}, "prometheus_operator.namespace: should match"),
    ],
)
def test_wrong_setting_is_one_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**given)
    (found,) = sentences(caught.value, KubernetesSettings)
    assert found.startswith(sentence)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, None),
        ({"ingress": {"host": "llm.example.com"}}, "https://llm.example.com"),
        ({"ingress": {"host": "llm.example.com", "tls": False}}, "http://llm.example.com"),
        ({"gateway_route": ROUTE}, None),
        ({"gateway_route": {**ROUTE, "hostnames": ["*.example.com"]}}, None),
        ({"gateway_route": {**ROUTE, "hostnames": ["*.a.example", "b.example"]}}, "https://b.example"),
        ({"gateway_route": {**ROUTE, "hostnames": ["b.example"], "tls": False}}, "http://b.example"),
        (
            {"ingress": {"host": "old.example"}, "gateway_route": {**ROUTE, "hostnames": ["new.example"]}},
            "https://old.example",
        ),
    ],
)
def test_public_url_names_the_host_that_clients_know(given: dict[str, Any], url: str | None) -> None:
    assert settings(**given).public_url == url
