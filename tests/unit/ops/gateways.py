"""Gateways as verbs find them, of the project's own stacks."""

import json
from dataclasses import replace
from pathlib import Path

from components.edge.acme.settings import AcmeSettings
from components.engine.kubernetes.settings import KubernetesSettings
from components.stack.read import parse
from components.stack.settings import Settings
from ops.stack.gateway import Gateway
from tests.unit.program import stack_config

KEY = "sk-not-to-be-seen"


def stack_settings(stack: str) -> Settings:
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in stack_config(stack).items()}
    return parse(texts, "gateway")


def serving_only(gateway: Gateway, *hosts: str) -> Gateway:
    """The same gateway whose edge serves these host names alone."""
    return _with_edge(gateway, allowed_hosts=hosts)


def behind_ingress(gateway: Gateway, host: str, *, tls: bool) -> Gateway:
    """The same gateway on a cluster with an Ingress."""
    cluster = KubernetesSettings.model_validate({"context": "test", "ingress": {"host": host, "tls": tls}})
    url = cluster.public_url or ""
    settings = gateway.settings.model_copy(update={"kubernetes": cluster})
    return replace(gateway, proxy_url=url, health_url=f"{url}/health/liveliness", settings=settings)


def with_wrong_models(gateway: Gateway, folder: Path) -> Gateway:
    """The same gateway whose catalogue is refused; its model files are written into a folder."""
    (folder / "wrong.yaml").write_text("model: small\n")
    return replace(gateway, settings=gateway.settings.model_copy(update={"model_folder": str(folder)}))


def over_tls(gateway: Gateway, port: int) -> Gateway:
    """The same gateway whose edge serves TLS too."""
    return _with_edge(gateway, https_port=port)


def by_acme(gateway: Gateway, domain: str) -> Gateway:
    """The same gateway whose certificate comes by ACME."""
    return _with_edge(gateway, acme=AcmeSettings(domains=(domain,), terms_of_service_agreed=True))


def _with_edge(gateway: Gateway, **changes: object) -> Gateway:
    edge = gateway.settings.edge.model_copy(update=changes)
    return replace(gateway, settings=gateway.settings.model_copy(update={"edge": edge}))


def gateway_of(stack: str) -> Gateway:
    return Gateway(
        stack,
        proxy_url="http://127.0.0.1:4000",
        health_url="http://127.0.0.1:4001/health/liveliness",
        master_key=KEY,
        settings=stack_settings(stack),
    )
