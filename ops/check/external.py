"""Check the databases of a stack that somebody else runs, from the engine."""

import json
from collections.abc import Mapping
from typing import Any

from components.data.external import redis_findings
from components.data.external.failure import shortened
from components.data.external.postgres_findings import PATH, address
from components.engine.connection.throwaway_container import ProgramFailed
from components.engine.labels import Labels
from components.stack import engine as engines
from components.stack import external_check
from components.stack.settings import Settings
from ops.check.probe import HealthState, PartHealth, shorten
from ops.stack.engines.docker_engine import docker_engine
from ops.stack.project import PROJECT_NAME

NOT_ASKED = {"error": "the engine cannot ask it yet; the next update does"}
"""Answer of a server where the engine lacks LiteLLM's image, or the namespace is not there."""


def probe_external(stack: str, settings: Settings) -> list[PartHealth]:
    """Ask each external server of a stack, as a preview does; none if all are the stack's own."""
    servers = external_check.servers(settings)
    if not servers:
        return []
    try:
        answers = ask(stack, settings)
    except ProgramFailed as error:
        answers = {name: {"error": str(error)} for name in servers}
    return [part_health(name, place(name, settings), answers.get(name, NOT_ASKED)) for name in servers]


def ask(stack: str, settings: Settings) -> external_check.Answers:
    """Return what the servers answer to the stack's engine.

    Raises:
        ProgramFailed: if the probe itself fails.
    """
    if settings.kubernetes:
        probe = external_check.probe(settings, stack)
        found = engines.run_in_pod(settings.kubernetes, Labels(PROJECT_NAME, stack), probe)
        answers: external_check.Answers = json.loads(found or "{}")
        return answers
    with docker_engine(external_check.TIMEOUT_SECONDS) as engine:
        return external_check.ask(engine, settings, stack) or {}


def place(name: str, settings: Settings) -> str:
    """Return where a server is."""
    if name == "redis" and settings.redis.external:
        return redis_findings.address(settings.redis.external)
    return address(settings.postgres.external, f"{PATH}.{name}") if settings.postgres.external else ""


def part_health(name: str, where: str, answer: Mapping[str, Any]) -> PartHealth:
    """Return the health of a server from what the probe found there."""
    if error := answer.get("error"):
        return PartHealth(name, where, HealthState.UNHEALTHY, None, shorten(shortened(str(error))))
    return PartHealth(name, where, HealthState.HEALTHY, float(answer["milliseconds"]), "somebody else's")
