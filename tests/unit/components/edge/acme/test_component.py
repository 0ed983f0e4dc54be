"""Certbot as a service."""

from dataclasses import replace
from typing import Any

import pytest

from components.edge.acme.component import AcmeArgs, acme_service, certbot_folder, certbot_ini
from components.edge.acme.settings import AcmeSettings
from components.edge.component import USER, EdgeArgs, edge_service
from components.edge.haproxy import Replicas
from components.edge.settings import EdgeSettings
from components.engine.workload import Network, Volume
from tests.unit.components.workloads import NO_ENGINE
from tests.unit.program import VOLUME, Program, is_secret, run, stack_config

ACME = {"domains": ["a.example.com", "b.example.com"], "terms_of_service_agreed": True}


def settings(**more: Any) -> AcmeSettings:
    return AcmeSettings.model_validate(ACME | more)


ARGS = AcmeArgs(settings(email="operator@example.com"), "certbot:5", USER)
SERVICE = acme_service(ARGS, "certificates-volume")


def test_certbot_s_configuration() -> None:
    assert certbot_ini(ARGS.settings).splitlines() == [
        "server = https://acme-v02.api.letsencrypt.org/directory",
        "domains = a.example.com,b.example.com",
        "email = operator@example.com",
        "agree-tos = true",
        "non-interactive = true",
        "authenticator = standalone",
        "http-01-port = 8080",
        "renew-with-new-domains = true",
        "key-type = ecdsa",
        "config-dir = /var/lib/haproxy/certbot/acme-v02.api.letsencrypt.org_directory",
        "work-dir = /tmp/certbot",
        "logs-dir = /tmp/certbot",
        "max-log-backups = 0",
    ]


def test_account_without_an_address_says_so() -> None:
    lines = certbot_ini(settings()).splitlines()
    assert "register-unsafely-without-email = true" in lines
    assert not [line for line in lines if line.startswith("email")]


def test_each_server_has_a_folder_of_its_own() -> None:
    servers: tuple[dict[str, Any], ...] = (
        {},
        {"staging": True},
        {"directory_url": "https://ca.example.com/a"},
        {"directory_url": "https://ca.example.com/b"},
    )
    assert len({certbot_folder(settings(**server)) for server in servers}) == len(servers)


def test_edge_and_certbot_share_user_and_volume() -> None:
    args = EdgeArgs(
        EdgeSettings(), "haproxy:3", Replicas(600, 64), certificate=None, root_cgroup=None, engine=NO_ENGINE
    )
    edge = edge_service(args, "edge", "certificates-volume")
    assert edge.volumes == SERVICE.volumes == (Volume("certificates-volume", "/var/lib/haproxy"),)
    assert edge.user == SERVICE.user


def test_certbot_cannot_reach_the_database_and_publishes_nothing() -> None:
    assert SERVICE.networks == (Network.FRONT,)
    assert SERVICE.ports == ()


def test_certbot_gets_no_secret() -> None:
    assert not SERVICE.secrets


def test_own_authority_and_proxy_reach_certbot() -> None:
    args = replace(ARGS, settings=settings(outgoing_proxy="http://proxy:3128"), ca_certificates="pem")
    service = acme_service(args, "volume")
    assert service.config["ca.pem"] == "pem"
    assert service.environment["REQUESTS_CA_BUNDLE"] == "/etc/gateway/ca.pem"
    assert service.environment["HTTPS_PROXY"] == "http://proxy:3128"
    assert {"REQUESTS_CA_BUNDLE", "HTTPS_PROXY"} & SERVICE.environment.keys() == set()


@pytest.fixture(scope="module")
def program() -> Program:
    """The program of `prod` with ACME."""
    config = stack_config("prod")
    config["gateway:edge"] = config["gateway:edge"] | {"https_port": 443, "acme": ACME}
    with pytest.MonkeyPatch.context() as monkeypatch:
        return run(monkeypatch, "prod", config)


def test_certbot_starts_behind_the_ingress(program: Program) -> None:
    assert "ingress" in program.waits_for("acme")
    assert "edge" in program.waits_for("ingress")
    assert "edge-secrets" not in {args.name for args in program.all_containers}


def test_certificate_s_volume_is_protected_like_data(program: Program) -> None:
    volume = program.options("certificates", VOLUME)
    assert volume.protect
    assert volume.retainOnDelete


def test_preview_shows_certbot_s_configuration(program: Program) -> None:
    assert not is_secret(program.named("acme-config")["uploads"])


def test_stack_without_acme_has_neither_certbot_nor_volume(prod: Program) -> None:
    assert "acme" not in prod.containers
    assert "certificates" not in {args.name for args in prod.resources}
