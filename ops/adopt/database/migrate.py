"""LiteLLM's own work on the restored database: its migration, and whether its salt key reads what is stored."""

import json
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

import docker

from components.data.postgres_connection import PostgresConnection, database_url
from components.litellm import migration
from components.litellm.environment import ENVIRONMENT_FILE
from ops.adopt.database.job_container import JobContainer
from ops.adopt.database.new_database import Contents
from ops.errors import OperationError

DECRYPT = Path(__file__).parent / "decrypt.py"
SHOWN = 5


@dataclass(frozen=True)
class Target:
    """The stack that takes the data."""

    stack: str
    image: str
    """LiteLLM's, as the stack runs it."""
    network: str
    """Name of the network on the engine from which the database is reached."""
    database: PostgresConnection = field(repr=False)
    salt_key: str = field(repr=False)


def migrate(engine: docker.DockerClient, target: Target, database: str) -> None:
    """Bring a database to the schema of the stack's LiteLLM.

    Raises:
        OperationError: if the migration fails, with its log.
    """
    connection = replace(target.database, database=database)
    job = migration.job(target.image, "", connection)
    url = database_url(connection, connection.server, str(connection.password))
    JobContainer(
        target.stack,
        "adopt-migration",
        target.image,
        job.user,
        job.entrypoint,
        {ENVIRONMENT_FILE: f"export DATABASE_URL={shlex.quote(url)}\n"},
        config=connection.files,
        network=target.network,
        host_gateway=connection.external,
        environment=job.environment,
        timeout=migration.TIMEOUT_SECONDS + 60,
    ).run(engine)


def require_readable(engine: docker.DockerClient, target: Target, contents: Contents) -> int:
    """Check that the stack's salt key decrypts every stored model and credential; return how many there are.

    Raises:
        OperationError: if it does not.
    """
    entries = {
        **{f"model {name}": params for name, params in contents.models.items()},
        **{f"credential {name}": values for name, values in contents.credentials.items()},
    }
    if not entries:
        return 0
    output = JobContainer(
        target.stack,
        "adopt-salt-key",
        target.image,
        "101:101",
        ("python3", "-c", DECRYPT.read_text()),
        {"salt_key": target.salt_key, "entries": json.dumps(entries)},
    ).run(engine)
    unreadable = json.loads(output)["unreadable"]
    if unreadable:
        raise OperationError(
            f"the salt key of {target.stack} does not decrypt {len(unreadable)} of {len(entries)} stored models and"
            f" credentials ({', '.join(unreadable[:SHOWN])}): the old deployment encrypted them with another key."
            f" Begin anew: `python -m ops down {target.stack}`, delete stacks/Pulumi.{target.stack}.yaml and"
            f" stacks/{target.stack}, put that key into LITELLM_SALT_KEY of the old .env, and adopt again"
        )
    return len(entries)
