"""Postgres is killed at ten moments of its first start: the next one serves the database."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import docker
import pytest
from docker.models.containers import Container

from components.data.postgres import DATA_FOLDER, START, PostgresArgs, PostgresSettings, connection, service
from components.images.source import image_reference, resolve_source
from testbed.container import must_run, run
from testbed.wait import wait_until

MOMENTS = 10
PASSWORD = secrets.token_urlsafe(12)
SETTINGS = PostgresSettings()
SERVICE = service(
    PostgresArgs(
        SETTINGS,
        image_reference("postgres", resolve_source()),
        connection(SETTINGS, PASSWORD),
        max_connections=20,
        engine=Mock(spec=[]),
    ),
    "postgres",
    "",
)


@contextmanager
def server(folder: Path, volume: str) -> Iterator[Container]:
    """Run the server as the stack does, with its data on the volume."""
    (folder / "secrets").mkdir(exist_ok=True)
    (folder / "secrets" / "password").write_text(PASSWORD)
    container = docker.from_env().containers.run(
        SERVICE.image,
        list(SERVICE.command),
        entrypoint=list(SERVICE.entrypoint),
        environment=dict(SERVICE.environment),
        user=SERVICE.user,
        read_only=True,
        tmpfs=dict.fromkeys(SERVICE.tmpfs, "mode=1777"),
        network_mode="none",
        init=True,
        volumes=[
            f"{volume}:{DATA_FOLDER}",
            f"{START.parent}:/opt/gateway:ro",
            f"{folder / 'secrets'}:/run/secrets:ro",
        ],
        detach=True,
    )
    try:
        yield container
    finally:
        container.remove(force=True, v=True)


def serves(container: Container) -> bool:
    """Return whether the stack's database answers a client with the password."""
    login = f"postgresql://litellm:{PASSWORD}@127.0.0.1/litellm"
    exit_code, _ = run(container, "psql", login, "-Atc", "SELECT 1")
    return exit_code == 0


@pytest.fixture
def volume() -> Iterator[str]:
    """A volume for one cluster."""
    volume = docker.from_env().volumes.create()
    yield str(volume.name)
    volume.remove()


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a first start takes that nobody kills."""
    volume = docker.from_env().volumes.create()
    begin = time.monotonic()
    with server(tmp_path_factory.mktemp("whole"), str(volume.name)) as whole:
        wait_until(lambda: serves(whole), 60, pause=0.05)
        taken = time.monotonic() - begin
    volume.remove()
    print(f"\nthe first start takes {taken:.1f} s")
    return taken


@pytest.mark.parametrize("number", range(MOMENTS))
def test_first_start_that_was_killed_is_finished_by_the_next(
    seconds: float, volume: str, tmp_path: Path, number: int
) -> None:
    with server(tmp_path, volume) as killed:
        time.sleep(seconds * number / MOMENTS)
        killed.kill("SIGKILL")
    with server(tmp_path, volume) as container:
        wait_until(lambda: serves(container), 60)
        assert ".new" not in must_run(container, "ls", "-A", DATA_FOLDER).split()
