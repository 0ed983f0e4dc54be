"""The URL of the old database."""

import pytest

from ops.adopt.database.old_server import network_of, parse_url
from ops.errors import OperationError

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
