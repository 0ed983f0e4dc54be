"""The state stands in a Postgres instead of in files: every verb works the same."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import docker
import pytest
from docker.errors import NotFound
from docker.models.containers import Container

from tests.e2e.project import Project, free_ports
from tests.history.client import Client
from tests.history.interrupted import kill_update

NAME = "history-backend"
CONFIG, EDGE_CONFIG = "/etc/gateway/config.yaml", "/etc/gateway/haproxy.cfg"
SETTING = "gateway:edge.queue_timeout"
PATIENCE = 60


@dataclass(frozen=True)
class Backend:
    """A Postgres that keeps nothing but Pulumi's state."""

    container: Container
    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address as Pulumi takes it."""
        return f"postgres://pulumi:{self.password}@127.0.0.1:{self.port}/state?sslmode=disable"

    def sql(self, statement: str) -> str:
        """Ask it."""
        exit_code, text = self.container.exec_run(["psql", "-U", "pulumi", "-d", "state", "-Atc", statement])
        assert exit_code == 0, text
        assert isinstance(text, bytes)
        return text.decode().strip()

    def wait(self) -> None:
        """Wait until it answers over TCP: it does so once its cluster is made."""
        give_up = time.monotonic() + PATIENCE
        while self.container.exec_run(["pg_isready", "-h", "127.0.0.1"]).exit_code:
            assert time.monotonic() < give_up, self.container.logs().decode()
            time.sleep(0.2)


@pytest.fixture(scope="module")
def backend(gateway: Project) -> Iterator[Backend]:
    """A Postgres of the stack's own image, on this host alone."""
    engine = docker.from_env()
    with suppress(NotFound):
        engine.containers.get(NAME).remove(force=True, v=True)
    password, (port,) = secrets.token_urlsafe(24), free_ports(1)
    image = gateway.container("postgres").image
    assert image
    container = engine.containers.run(
        image,
        name=NAME,
        environment={"POSTGRES_USER": "pulumi", "POSTGRES_DB": "state", "POSTGRES_PASSWORD": password},
        ports={"5432/tcp": ("127.0.0.1", port)},
        detach=True,
    )
    try:
        backend = Backend(container, port, password)
        backend.wait()
        yield backend
    finally:
        container.remove(force=True, v=True)


def move_state(gateway: Project, address: str) -> None:
    """Take the stack's state to another backend."""
    file = gateway.folder / "state" / "moved.json"
    gateway.must("stack", "export", "--file", str(file))
    gateway.environment["PULUMI_BACKEND_URL"] = address
    gateway.must("stack", "init", gateway.stack)
    gateway.must("stack", "import", "--file", str(file))


@pytest.fixture(scope="module")
def moved(gateway: Project, backend: Backend) -> Iterator[Project]:
    """The gateway with its state in Postgres; afterwards it is in files again."""
    files = gateway.environment["PULUMI_BACKEND_URL"]
    gateway.must("up", "--yes", "--skip-preview")
    move_state(gateway, backend.url)
    try:
        yield gateway
    finally:
        gateway.must("cancel", "--yes")
        file = gateway.folder / "state" / "back.json"
        gateway.must("stack", "export", "--file", str(file))
        gateway.environment["PULUMI_BACKEND_URL"] = files
        gateway.must("stack", "import", "--file", str(file))
        gateway.must("preview", "--expect-no-changes")


def change(gateway: Project, seconds: int) -> None:
    gateway.change(SETTING, seconds)
    gateway.commit(f"wait {seconds} s")


def ops(gateway: Project, *arguments: str) -> str:
    """Run a verb that has to succeed."""
    result = gateway.ops(arguments[0], gateway.stack, *arguments[1:])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_state_that_was_moved_to_postgres_changes_nothing(moved: Project, backend: Backend) -> None:
    moved.must("preview", "--expect-no-changes")
    assert backend.sql("select count(*) from pulumi_state where key like '%/stacks/%'") != "0"
    assert ops(moved, "history", "--json").strip() == "[]"
    assert "the engine holds what Pulumi made" in ops(moved, "drift")
    assert "nothing is wrong" in ops(moved, "recover")


def test_the_password_of_the_backend_is_nowhere_shown(moved: Project, backend: Backend) -> None:
    told = moved.ops("doctor", moved.stack, "--json").output
    assert "postgres://****@127.0.0.1" in told
    wrong = moved.ops("history", moved.stack, PULUMI_BACKEND_URL=re.sub(r":\d+/", ":1/", backend.url))
    assert wrong.exit_code != 0
    assert wrong.output.startswith("error: ")
    assert backend.password not in told + wrong.output
    assert "Traceback" not in told + wrong.output


def test_versions_are_numbered_and_an_earlier_one_comes_back(moved: Project) -> None:
    change(moved, 21)
    ops(moved, "up")
    then = moved.file("edge", EDGE_CONFIG)
    change(moved, 22)
    ops(moved, "preview", "--save-plan", "state/reviewed.json")
    ops(moved, "up", "--plan", "state/reviewed.json")
    assert moved.file("edge", EDGE_CONFIG) != then
    entries = moved.history()
    assert [(entry["version"], entry["message"], entry["result"]) for entry in entries] == [
        (1, "wait 21 s", "succeeded"),
        (2, "wait 22 s", "succeeded"),
    ]
    assert entries[1]["settings_changed"] == [f"{SETTING} 21 → 22"]
    assert all(entry["who"] and entry["commit"] for entry in entries)
    ops(moved, "rollback", "--to", "1", "--yes")
    assert moved.file("edge", EDGE_CONFIG) == then
    assert moved.history()[-1]["message"] == "rollback to version 1"


def test_a_killed_update_leaves_a_lock_that_is_named_and_recovered(moved: Project, client: Client) -> None:
    before = client.kept()
    change(moved, 23)
    second: list[str] = []

    def amid(_: float, said: str) -> bool:
        if "edge" not in said:
            return False
        second.append(moved.ops("up", moved.stack).output)
        return True

    assert kill_update(moved, amid).alive
    assert f"error: {moved.stack} is locked by " in second[0]
    assert "wait until it has ended" in second[0]
    refused = moved.ops("up", moved.stack)
    assert refused.exit_code != 0
    assert f"that process has ended: `python -m ops recover {moved.stack}`" in refused.output
    told = ops(moved, "recover", "--yes")
    assert "locked by" in told
    moved.must("preview", "--expect-no-changes")
    assert ops(moved, "drift")
    client.ask()
    after = client.kept()
    assert (after.keys, after.models, after.spend_logs) == (before.keys, before.models, before.spend_logs + 1)


def test_a_wrong_passphrase_is_one_sentence_and_changes_nothing(moved: Project, backend: Backend) -> None:
    rows = backend.sql("select count(*) from pulumi_state")
    wrong = moved.folder / "state" / "wrong"
    wrong.write_text("not the one")
    for verb in ("up", "history", "drift", "recover"):
        result = moved.ops(verb, moved.stack, PULUMI_CONFIG_PASSPHRASE_FILE=str(wrong))
        assert result.exit_code != 0, result.output
        assert "incorrect passphrase" in result.output
        assert "Traceback" not in result.output
    assert backend.sql("select count(*) from pulumi_state") == rows
