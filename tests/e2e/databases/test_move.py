"""A stack moves from its own databases to external ones, by the runbook's steps as they are written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.completion import status
from testbed.configuration import development
from testbed.external_databases import ExternalDatabases
from testbed.gateway import admin, new_key, running
from testbed.project import Project
from tests.history.runbook import blocks, run

STACK = "databases-moved"
DATABASE = "moved"
DUMP, UNPROTECT, UPDATE = blocks("Moving the database to another server")
SHORTER = {r"sleep 60": "sleep 15"}
"""This stack writes its spend every 10 seconds."""


@pytest.fixture
def gateway(tmp_path: Path, outer: ExternalDatabases) -> Iterator[Project]:
    """A protected gateway with databases of its own."""
    with running(Project(tmp_path, STACK, development() | {"gateway:protect": True})) as gateway:
        yield gateway


def test_stack_moves_with_its_keys_by_the_runbook(gateway: Project, outer: ExternalDatabases) -> None:
    url = gateway.output("proxy_url")
    with admin(gateway) as proxy:
        key = new_key(proxy, "from-the-own-database")
    assert status(url, key) == 200
    own = gateway.config
    outer.run_sql(f'create database {DATABASE} owner "{outer.user}"')
    external = outer.settings(gateway.folder, DATABASE)
    gateway.configure(own | external)
    outer.set_passwords(gateway)
    encrypted = gateway.config
    refused = gateway.pulumi("preview")
    assert refused.exit_code != 0
    assert f"postgres.external: {STACK} has a Postgres of its own, which this would delete" in refused.output

    gateway.configure(own)
    dump = run(gateway, DUMP, **SHORTER).strip().splitlines()
    (name,) = {found for line in dump for found in re.findall(r"^(\S+-manual):", line)}
    run(gateway, UNPROTECT)
    # The password of the Postgres is typed in the next block.
    gateway.configure({key: value for key, value in encrypted.items() if key != "gateway:postgres_password"})
    run(gateway, UPDATE, outer.password, NAME=name)

    assert status(url, key) == 200
    aliases = """select key_alias from "LiteLLM_VerificationToken" where key_alias is not null"""
    assert outer.sql(aliases, DATABASE) == "from-the-own-database"
    assert gateway.containers("postgres") == []
    gateway.expect_no_changes()
