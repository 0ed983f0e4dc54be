"""The check of external databases, at each preview and before each update: whether the stack can run on them.

It runs on the engine, in a container like those that will use them: who runs Pulumi may be elsewhere.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
import pulumi

from components.data.external import postgres_findings, redis_findings
from components.data.external.postgres_findings import Needs
from components.data.postgres import ALIAS as POSTGRES
from components.data.postgres_connection import PostgresConnection, PostgresServer
from components.data.redis_connection import RedisConnection
from components.engine.connection.client import connect
from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer
from components.engine.host.images import image_id
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL, Labels
from components.images.reference import ImageReference
from components.stack import engine as engines
from components.stack import sizing
from components.stack.settings import Settings

PROBE = Path(__file__).parents[1] / "data" / "external" / "probe.py"
TIMEOUT_SECONDS = 90
"""For all servers together."""
Answers = Mapping[str, Mapping[str, Any]]
"""Server → what the probe found there."""


def check(stack: Settings, name: str) -> None:
    """Ask the external databases, and refuse to go on where the stack cannot run on them.

    Raises:
        pulumi.RunError: one line for each refusal; nothing has been created.
    """
    if stack.postgres.external is None and stack.redis.external is None:
        return
    cluster = stack.kubernetes
    try:
        answers = ask_cluster(cluster, stack, name) if cluster else ask_engine(stack, name)
    except ProgramFailed as error:
        raise pulumi.RunError(f"the external databases could not be checked: {error}") from error
    if answers is None:
        return
    for warning in warnings(stack, answers):
        pulumi.log.warn(warning)
    if found := refusals(stack, answers):
        raise pulumi.RunError("\n".join(found))


def ask_engine(stack: Settings, name: str) -> Answers | None:
    """Return what the servers answer to the Docker engine; None, with a warning, where it cannot ask yet.

    Raises:
        pulumi.RunError: if the stack would leave its own Postgres.
        ProgramFailed: if the probe itself fails.
    """
    engine = connect(timeout=TIMEOUT_SECONDS + 30)
    if stack.postgres.external and (kept := own_server(engine, name)):
        raise pulumi.RunError(kept)
    answers = ask(engine, stack, name)
    if answers is None:
        pulumi.log.warn("the external databases are checked by the update: LiteLLM's image is not on the engine yet")
    return answers


def ask_cluster(cluster: KubernetesSettings, stack: Settings, name: str) -> Answers | None:
    """Return what the servers answer to the cluster; None, with a warning, where it cannot ask yet.

    Raises:
        ProgramFailed: if the probe itself fails.
    """
    found = engines.run_in_pod(cluster, Labels(pulumi.get_project(), name), probe(stack, name))
    if found is None:
        pulumi.log.warn("the external databases are checked by the next update: the namespace is not there yet")
        return None
    answers: Answers = json.loads(found)
    return answers


def own_server(engine: docker.DockerClient, name: str) -> str | None:
    """Return why the stack must not leave its own Postgres yet; None if none runs. To stop it is to agree."""
    labels = [f"{STACK_LABEL}={name}", f"{WORKLOAD_LABEL}={POSTGRES}"]
    if not engine.containers.list(filters={"label": labels}):
        return None
    return (
        f"postgres.external: {name} has a Postgres of its own, which this would delete with its data;"
        ' docs/runbook.md, "Moving the database to another server", has the steps'
    )


def ask(engine: docker.DockerClient, stack: Settings, name: str) -> Answers | None:
    """Return what the servers answer; None when the engine lacks the image, which only an update pulls.

    Raises:
        ProgramFailed: if the probe itself fails.
    """
    if image_id(engine, stack.images.reference("litellm")) is None:
        return None
    found: Answers = json.loads(probe(stack, name).run(engine))
    return found


def probe(stack: Settings, name: str) -> ThrowawayContainer:
    """Describe the container that asks the servers."""
    return ThrowawayContainer(
        name,
        "external-databases",
        stack.images.reference("litellm"),
        "101:101",
        ("python3", "-c", PROBE.read_text()),
        secrets={"servers.json": json.dumps(servers(stack))},
        config=certificates(stack),
        # Like the front network, the engine's default one has a way out.
        network="bridge",
        host_gateway=True,
        timeout=TIMEOUT_SECONDS,
    )


def refusals(stack: Settings, answers: Answers) -> list[str]:
    """Return a sentence for each reason that the stack cannot run on its external databases."""
    found: list[str] = []
    if stack.postgres.external:
        needed, in_words = sizing.connections_total(stack)
        needs = Needs(needed, in_words, tools_version(stack.images.reference("postgres")))
        found += postgres_findings.refusals(stack.postgres.external, answers, needs)
    if stack.redis.external:
        found += redis_findings.refusals(stack.redis.external, answers["redis"])
    return found


def warnings(stack: Settings, answers: Answers) -> list[str]:
    """Return a sentence for each risk."""
    return list(redis_findings.warnings(stack.redis.external, answers["redis"])) if stack.redis.external else []


def tools_version(image: str) -> int | None:
    """Return the major version of an image of Postgres, from its tag; None if it has none."""
    number = (ImageReference.parse(image).tag or "").partition(".")[0].partition("-")[0]
    return int(number) if number.isdecimal() else None


def certificates(stack: Settings) -> dict[str, str]:
    """Return the files with the authorities of all external servers."""
    connection = stack.database_connection()
    return {**connection.files, **connection.client_files, **stack.redis_connection().files}


def servers(stack: Settings) -> dict[str, dict[str, Any]]:
    """Return the servers to ask, in the words of their clients. It holds the passwords."""
    found: dict[str, dict[str, Any]] = {}
    if stack.postgres.external:
        connection = stack.database_connection()
        at = {"postgres": connection.server, "pgbouncer": connection.pgbouncer, "read_replica": connection.read_replica}
        found |= {name: _postgres(connection, server) for name, server in at.items() if server}
    if stack.redis.external:
        found["redis"] = _redis(stack.redis_connection())
    return found


def _postgres(connection: PostgresConnection, server: PostgresServer) -> dict[str, Any]:
    return {
        "host": server.host,
        "port": server.port,
        "dbname": connection.database,
        "user": connection.user,
        "password": connection.password,
        **server.libpq_parameters,
    }


def _redis(connection: RedisConnection) -> dict[str, Any]:
    return {
        "nodes": list(connection.nodes),
        "cluster": connection.cluster,
        "service_name": connection.service_name,
        "sentinel_password": connection.sentinel_password,
        "username": connection.username,
        "password": connection.password,
        **connection.tls_parameters,
    }
