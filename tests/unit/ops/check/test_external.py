"""The health of databases that somebody else runs."""

import pytest

from components.engine.connection.throwaway_container import ProgramFailed
from components.stack import external_check
from components.stack.settings import Settings
from ops.check.external import probe_external
from ops.check.probe import HealthState
from tests.unit.components.data.external.test_settings import settings

STACK = settings(postgres={"pgbouncer": {"host": "pool.example.com", "tls": {"mode": "disable"}}})


def answer(monkeypatch: pytest.MonkeyPatch, **found: dict[str, object]) -> None:
    good: dict[str, dict[str, object]] = {name: {"milliseconds": 3.5} for name in ("postgres", "pgbouncer", "redis")}
    monkeypatch.setattr(external_check, "ask", lambda *_: good | found)


def test_own_databases_have_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_check, "ask", lambda *_: pytest.fail("asked"))
    assert probe_external("test", Settings()) == []


def test_each_server_is_a_row_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch)
    rows = probe_external("test", STACK)
    assert [(row.part, row.asked, row.state, row.milliseconds) for row in rows] == [
        ("postgres", "db.example.com:5432", HealthState.HEALTHY, 3.5),
        ("pgbouncer", "pool.example.com:6432", HealthState.HEALTHY, 3.5),
        ("redis", "cache.example.com:6379", HealthState.HEALTHY, 3.5),
    ]


def test_server_that_does_not_answer_is_unhealthy_with_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, postgres={"error": "OperationalError: x, port 5432 failed: Connection refused\n\tHint?"})
    postgres, pgbouncer, _ = probe_external("test", STACK)
    assert (postgres.state, postgres.detail, postgres.milliseconds) == (
        HealthState.UNHEALTHY,
        "Connection refused",
        None,
    )
    assert pgbouncer.state is HealthState.HEALTHY


def test_probe_that_fails_makes_all_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ProgramFailed("external-databases did not end within 90 s")

    monkeypatch.setattr(external_check, "ask", fail)
    rows = probe_external("test", STACK)
    assert {(row.state, row.detail) for row in rows} == {
        (HealthState.UNHEALTHY, "external-databases did not end within 90 s")
    }
