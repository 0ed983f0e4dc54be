"""The data of an existing deployment become those of a stack, or nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import docker
import typer
from docker.models.containers import Container

from components.data.backup import ALIAS as BACKUP
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from ops.adopt.database.migrate import Target, migrate, require_readable
from ops.adopt.database.new_database import Contents, NewDatabase
from ops.adopt.database.prove import Proof
from ops.adopt.database.rows import comparison, require_all
from ops.errors import OperationError
from ops.stack.automation import open_existing, settings_of
from ops.stack.engines.docker_engine import docker_engine
from ops.stack.gateway import Gateway
from ops.stack.state import generated_secrets

ENGINE_TIMEOUT_SECONDS = 7200
"""Longest time without an answer: a restore of a large dump is silent."""

Source = Callable[[docker.DockerClient, Container, NewDatabase], tuple[str, str]]
"""Puts the old dump into the backups' volume; returns its path there and its form."""


@dataclass(frozen=True)
class Import:
    """One import into a stack that runs."""

    stack: str
    source: Source
    prove_key: str | None = field(default=None, repr=False)
    yes: bool = False

    def run(self) -> None:
        """Restore beside the live database, migrate, count, swap, prove. Print each step.

        Raises:
            OperationError: if a step fails, with what stands then.
        """
        stack = open_existing(self.stack)
        gateway = Gateway.from_outputs(self.stack, stack.outputs(), settings_of(stack))
        secrets = generated_secrets(stack.export_stack().deployment)
        with docker_engine(ENGINE_TIMEOUT_SECONDS) as engine:
            container = self._backup_container(engine)
            target = Target(
                self.stack,
                gateway.settings.images.reference("litellm"),
                next(iter(container.attrs["NetworkSettings"]["Networks"])),
                gateway.settings.database_connection(secrets["postgres-password"]),
                gateway.settings.given("salt_key") or f"sk-{secrets['salt-key']}",
            )
            if not self.yes:
                typer.confirm(f"Replace the database of {self.stack} with the old data?", abort=True)
            contents, old_name = self._replace(engine, container, target)
        print(f"the old database of {self.stack} is kept as {old_name} until the next backup")
        try:
            for sentence in Proof(gateway, contents, self.prove_key).run():
                print(f"proved: {sentence}")
        except OperationError as error:
            raise OperationError(f"{error}; {self._after(old_name)}") from error

    def _replace(self, engine: docker.DockerClient, container: Container, target: Target) -> tuple[Contents, str]:
        database = NewDatabase.beside(container)
        try:
            print("copying the old dump")
            path, form = self.source(engine, container, database)
            print("restoring it beside the live database")
            database.load(path, form)
            before = database.contents()
            print(f"migrating it: {before.schema_}")
            migrate(engine, target, database.name)
            after = database.contents()
            print(comparison(before, after))
            require_all(before, after)
            number = require_readable(engine, target, after)
            print(f"the salt key decrypts all {number} stored models and credentials; taking the live database's place")
            return after, database.take_over()
        except OperationError as error:
            raise OperationError(f"{error}; {self._before()}") from error
        finally:
            database.drop()

    def _backup_container(self, engine: docker.DockerClient) -> Container:
        labels = [f"{STACK_LABEL}={self.stack}", f"{WORKLOAD_LABEL}={BACKUP}"]
        found = engine.containers.list(filters={"label": labels})
        if not found:
            raise OperationError(
                f"{self.stack} has no running backup container: `python -m ops up {self.stack}` starts it"
            )
        return found[0]

    def _before(self) -> str:
        return (
            f"{self.stack} runs with the database that it had, and the old deployment is as it was;"
            f" to try again: python -m ops adopt {self.stack} --dump FILE"
        )

    def _after(self, old_name: str) -> str:
        return (
            f"{self.stack} has the old data, and its own before as {old_name}; the old deployment is as it was:"
            " start it again to go back"
        )
