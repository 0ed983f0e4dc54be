"""The old database is found, and read where there is room for its dump."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from ops.adopt.database.job_container import JobContainer
from ops.adopt.database.old_server import OldServer, network_of, parse_url
from ops.errors import OperationError
from tests.unit.exec_api import Ended, ExecApi

URL = "postgresql://llm:p%40ss@db:5433/litellm?sslmode=require&connection_limit=10"


def test_a_url_becomes_an_entry_of_libpq_s_service_file() -> None:
    assert parse_url(URL).service("db") == (
        "[old]\nhost=db\nport=5433\ndbname=litellm\nuser=llm\npassword=p@ss\nsslmode=require\n"
    )


def test_the_password_is_not_part_of_its_text() -> None:
    assert "p@ss" not in repr(parse_url(URL))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mysql://a:secret@b/c",
        "postgresql://db/litellm",
        "postgresql://a:secret@b",
        "postgres://a:secret@b:x/c",
    ],
)
def test_another_text_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(OperationError) as refused:
        parse_url(text)
    assert "secret" not in str(refused.value)


def test_the_network_of_a_compose_service_is_found() -> None:
    class Other:
        name = "old-db-1"
        attrs = {"NetworkSettings": {"Networks": {"old_default": {"Aliases": ["db"], "DNSNames": None}}}}  # noqa: RUF012

    assert network_of("db", [Other()]) == "old_default"  # type: ignore[list-item]
    assert network_of("other", [Other()]) is None  # type: ignore[list-item]


@pytest.mark.parametrize("has_room", [True, False])
def test_old_database_is_dumped_where_it_has_room(monkeypatch: pytest.MonkeyPatch, *, has_room: bool) -> None:
    ran: list[str] = []

    def run(job: JobContainer, _: object) -> str:
        ran.append(job.command[0])
        return "3000000000\n"

    monkeypatch.setattr(JobContainer, "run", run)
    api = ExecApi(lambda _: Ended() if has_room else Ended(error=b"disk nearly full: 9 MiB free\n", status=1))
    backup: Any = SimpleNamespace(
        id="1",
        name="gateway-mine-backup",
        client=SimpleNamespace(api=api),
        attrs={
            "Mounts": [{"Name": "backups", "Destination": "/var/lib/postgresql/data"}],
            "Image": "sha256:a",
            "Config": {"User": "999:999"},
        },
    )
    engine, server = Mock(**{"containers.list.return_value": []}), OldServer("mine", parse_url(URL))
    if has_room:
        server.dump(engine, backup)
    else:
        with pytest.raises(OperationError, match="disk nearly full: 9 MiB free"):
            server.dump(engine, backup)
    assert ran == ["psql", *(["pg_dump"] if has_room else [])]
    assert api.ran[0][-2:] == [str(3000000000 // 1024 + 65536), "a dump of the old database"]
