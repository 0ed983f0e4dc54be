"""The check of external databases: what is asked, and what stops an update."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import docker
import pulumi
import pytest

from components.engine.connection.throwaway_container import ThrowawayContainer
from components.engine.kubernetes.settings import KubernetesSettings
from components.stack import external_check
from components.stack.external_check import certificates, check, servers, tools_version
from components.stack.settings import Settings
from testbed.certificates import Authority
from tests.unit.components.data.external.test_findings import FACTS, REDIS_FACTS
from tests.unit.components.data.external.test_settings import settings

GOOD = {"postgres": FACTS | {"max_connections": 500}, "redis": REDIS_FACTS}


def engine(*own: str, images: bool = True) -> SimpleNamespace:
    """Return an engine with these containers of the stack."""
    missing = docker.errors.ImageNotFound("no such image")
    return SimpleNamespace(
        containers=SimpleNamespace(list=Mock(return_value=list(own))),
        images=SimpleNamespace(get=Mock(side_effect=None if images else missing)),
        api=SimpleNamespace(pull=Mock()),
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ThrowawayContainer]:
    """The containers that were run. Each finds good servers."""
    found: list[ThrowawayContainer] = []

    def run(container: ThrowawayContainer, _: object) -> str:
        found.append(container)
        return json.dumps(GOOD)

    monkeypatch.setattr(ThrowawayContainer, "run", run)
    monkeypatch.setattr("components.stack.external_check.connect", Mock(return_value=engine()))
    return found


def answers(monkeypatch: pytest.MonkeyPatch, **found: dict[str, Any]) -> None:
    monkeypatch.setattr(external_check, "ask", lambda *_: GOOD | found)


def test_stack_of_its_own_databases_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.stack.external_check.connect", Mock(side_effect=AssertionError))
    check(Settings(), "test")


def test_passwords_go_as_a_file_alone(asked: list[ThrowawayContainer]) -> None:
    check(settings(), "test")
    (container,) = asked
    assert json.loads(container.secrets["servers.json"])["postgres"]["password"] == "hush"
    assert "hush" not in json.dumps([container.command, dict(container.environment), dict(container.config)])
    assert "hush" not in repr(container)
    assert container.network == "bridge"
    assert container.host_gateway


def test_every_server_is_asked_with_its_own_tls(tmp_path: Path) -> None:
    files = {name: tmp_path / f"{name}.pem" for name in ("postgres", "pgbouncer", "redis")}
    texts = {name: Authority().certificate for name in files}
    for name, file in files.items():
        file.write_text(texts[name])
    tls = {name: {"ca_file": str(file)} for name, file in files.items()}
    stack = settings(
        postgres={
            "tls": tls["postgres"],
            "pgbouncer": {"host": "pool", "tls": tls["pgbouncer"]},
            "read_replica": {"host": "reader", "port": 5433},
        },
        redis={"tls": tls["redis"], "username": "gateway"},
    )
    found = servers(stack)
    assert {name: server.get("sslrootcert", server.get("ssl_ca_certs")) for name, server in found.items()} == {
        "postgres": "/etc/gateway/postgres-ca.pem",
        "pgbouncer": "/etc/gateway/pgbouncer-ca.pem",
        "read_replica": "/etc/gateway/postgres-ca.pem",
        "redis": "/etc/gateway/redis-ca.pem",
    }
    assert found["read_replica"]["port"] == 5433
    assert found["redis"]["ssl_check_hostname"] is True
    assert certificates(stack) == {f"{name}-ca.pem": text for name, text in texts.items()}


def test_fault_stops_the_update(monkeypatch: pytest.MonkeyPatch, asked: list[ThrowawayContainer]) -> None:
    answers(monkeypatch, postgres={"error": "Connection refused"}, redis={"error": "WRONGPASS"})
    with pytest.raises(pulumi.RunError) as refusal:
        check(settings(), "test")
    assert [line.partition(":")[0] for line in str(refusal.value).splitlines()] == [
        "postgres.external.host",
        "redis_password",
    ]


def test_connections_are_those_of_an_update(monkeypatch: pytest.MonkeyPatch, asked: list[ThrowawayContainer]) -> None:
    answers(monkeypatch, postgres=FACTS | {"max_connections": 114})
    with pytest.raises(pulumi.RunError, match=r"takes 114 connections, too few: pool 50 .* 15 reserved = 115; raise"):
        check(settings(), "test")
    answers(monkeypatch, postgres=FACTS | {"max_connections": 115})
    check(settings(), "test")


def test_own_database_with_data_is_not_left_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.stack.external_check.connect", Mock(return_value=engine("postgres")))
    with pytest.raises(pulumi.RunError, match=r"^postgres\.external: test has a Postgres of its own, which this would"):
        check(settings(), "test")


def test_databases_are_not_asked_before_the_image_is_there(
    monkeypatch: pytest.MonkeyPatch, asked: list[ThrowawayContainer]
) -> None:
    bare, warn = engine(images=False), Mock()
    monkeypatch.setattr("components.stack.external_check.connect", Mock(return_value=bare))
    monkeypatch.setattr(pulumi.log, "warn", warn)
    check(settings(), "test")
    assert asked == []
    warn.assert_called_once()


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("docker.io/library/postgres:15.20-bookworm", 15),
        ("localhost/gateway/postgres:15-f779c248", 15),
        ("postgres:17", 17),
        ("postgres:latest", None),
        (f"postgres@sha256:{'0' * 64}", None),
    ],
)
def test_version_of_pg_dump_is_the_image_s(image: str, version: int | None) -> None:
    assert tools_version(image) == version


def on_cluster(monkeypatch: pytest.MonkeyPatch, answer: str | None) -> list[ThrowawayContainer]:
    """Let the cluster answer so; return what it was asked to run."""
    ran: list[ThrowawayContainer] = []

    def run(cluster: object, labels: object, container: ThrowawayContainer) -> str | None:
        ran.append(container)
        return answer

    monkeypatch.setattr("components.stack.engine.run_in_pod", run)
    monkeypatch.setattr("components.stack.external_check.connect", Mock(side_effect=AssertionError))
    return ran


def cluster_settings() -> Settings:
    return settings().model_copy(update={"kubernetes": KubernetesSettings(context="test")})


def test_servers_of_a_cluster_s_stack_are_asked_from_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = on_cluster(monkeypatch, json.dumps(GOOD | {"postgres": {"error": "connection refused"}}))
    with pytest.raises(pulumi.RunError, match=r"connection refused"):
        check(cluster_settings(), "test")
    assert [container.name for container in ran] == ["external-databases"]


def test_namespace_that_is_still_to_be_made_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    on_cluster(monkeypatch, None)
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warned.append)
    check(cluster_settings(), "test")
    assert warned == ["the external databases are checked by the next update: the namespace is not there yet"]
