"""The state is kept in a Postgres instead of in files: every verb works the same."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import docker
import pytest
from docker.errors import NotFound
from docker.models.containers import Container

from testbed.container import must_run, run
from testbed.ports import free_ports
from testbed.project import Project
from testbed.repository import Repository, versions
from testbed.wait import wait_until
from tests.history.client import Client
from tests.history.interrupted import kill_update

NAME = "history-backend"
CONFIG, EDGE_CONFIG = "/etc/gateway/config.yaml", "/etc/gateway/haproxy.cfg"
SETTING = "gateway:edge.queue_timeout"
START_SECONDS = 60


@dataclass(frozen=True)
class Backend:
    """A Postgres that holds Pulumi's state alone."""

    container: Container
    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address, in Pulumi's form."""
        return f"postgres://pulumi:{self.password}@127.0.0.1:{self.port}/state?sslmode=disable"

    def sql(self, statement: str) -> str:
        """Return the answer to a statement."""
        return must_run(self.container, "psql", "-U", "pulumi", "-d", "state", "-Atc", statement).strip()

    def wait(self) -> None:
        """Wait until it answers over TCP, which it does once its cluster is created."""
        wait_until(lambda: run(self.container, "pg_isready", "-h", "127.0.0.1")[0] == 0, START_SECONDS)


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
    """Move the stack's state to another backend."""
    file = gateway.folder / "state" / "moved.json"
    gateway.must("stack", "export", "--file", str(file))
    gateway.environment["PULUMI_BACKEND_URL"] = address
    gateway.must("stack", "init", gateway.stack)
    gateway.must("stack", "import", "--file", str(file))


@pytest.fixture(scope="module")
def moved(gateway: Project, backend: Backend) -> Iterator[Project]:
    """The gateway with its state in Postgres. Afterwards it is in files again, and complete."""
    files = gateway.environment["PULUMI_BACKEND_URL"]
    move_state(gateway, backend.url)
    try:
        yield gateway
    finally:
        gateway.must("cancel", "--yes")
        file = gateway.folder / "state" / "back.json"
        gateway.must("stack", "export", "--file", str(file))
        gateway.environment["PULUMI_BACKEND_URL"] = files
        gateway.must("stack", "import", "--file", str(file))
        gateway.expect_no_changes()


def change(repository: Repository, seconds: int) -> None:
    """Change one setting and commit it."""
    repository.project.change(SETTING, seconds)
    repository.commit(f"wait {seconds} s")


def test_moving_the_state_to_postgres_changes_nothing(moved: Project, backend: Backend) -> None:
    moved.expect_no_changes()
    assert backend.sql("select count(*) from pulumi_state where key like '%/stacks/%'") != "0"
    assert f"{moved.stack}: no drift" in moved.must_ops("drift")
    assert "nothing is wrong" in moved.must_ops("recover")


def test_the_password_of_the_backend_is_never_shown(moved: Project, backend: Backend) -> None:
    told = moved.ops("doctor", moved.stack, "--json").output
    assert "postgres://****@127.0.0.1" in told
    wrong = moved.ops("history", moved.stack, environment={"PULUMI_BACKEND_URL": re.sub(r":\d+/", ":1/", backend.url)})
    assert wrong.exit_code != 0
    assert wrong.output.startswith("error: ")
    assert backend.password not in told + wrong.output
    assert "Traceback" not in told + wrong.output


def test_versions_are_numbered_and_can_be_rolled_back(moved: Project, repository: Repository) -> None:
    before = [entry["version"] for entry in versions(moved)]
    first = (before or [0])[-1] + 1
    change(repository, 21)
    moved.must_ops("up")
    then = moved.file("edge", EDGE_CONFIG)
    change(repository, 22)
    moved.must_ops("preview", "--save-plan", "state/reviewed.json")
    moved.must_ops("up", "--plan", "state/reviewed.json")
    assert moved.file("edge", EDGE_CONFIG) != then
    entries = versions(moved)[len(before) :]
    assert [(entry["version"], entry["message"], entry["result"]) for entry in entries] == [
        (first, "wait 21 s", "succeeded"),
        (first + 1, "wait 22 s", "succeeded"),
    ]
    assert entries[1]["settings_changed"] == [f"{SETTING} 21 → 22"]
    assert all(entry["who"] and entry["commit"] for entry in entries)
    moved.must_ops("rollback", "--to", str(first), "--yes")
    assert moved.file("edge", EDGE_CONFIG) == then
    assert versions(moved)[-1]["message"] == f"rollback to version {first}"


def test_the_lock_of_a_killed_update_is_named_and_recovered(
    moved: Project, repository: Repository, client: Client
) -> None:
    before = client.kept()
    change(repository, 23)
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
    told = moved.must_ops("recover", "--yes")
    assert "locked by" in told
    moved.expect_no_changes()
    assert moved.must_ops("drift")
    client.ask()
    after = client.kept()
    assert (after.keys, after.models, after.spend_logs) == (before.keys, before.models, before.spend_logs + 1)


def test_a_wrong_passphrase_is_refused_and_changes_nothing(moved: Project, backend: Backend) -> None:
    rows = backend.sql("select count(*) from pulumi_state")
    wrong = moved.folder / "state" / "wrong"
    wrong.write_text("not the one")
    for verb in ("up", "history", "drift", "recover"):
        result = moved.ops(verb, moved.stack, environment={"PULUMI_CONFIG_PASSPHRASE_FILE": str(wrong)})
        assert result.exit_code != 0, result.output
        assert "incorrect passphrase" in result.output
        assert "Traceback" not in result.output
    assert backend.sql("select count(*) from pulumi_state") == rows
