"""Reads what Pulumi would resolve."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import pulumi

from components.engine.workload import Service


def texts(make: Callable[[], Mapping[str, pulumi.Input[str]]]) -> dict[str, str]:
    """Return the texts of the outputs that a function makes. All have to be secret."""

    async def resolve() -> dict[str, str]:
        found: dict[str, str] = {}
        for name, output in make().items():
            assert isinstance(output, pulumi.Output)
            assert await output.is_secret(), name
            found[name] = str(await output.future())
        return found

    return asyncio.run(resolve())


def with_secrets(make: Callable[[], Service]) -> Service:
    """Return the service that a function describes, with the texts of its secret files."""
    made: list[Service] = []

    def secrets() -> Mapping[str, pulumi.Input[str]]:
        made.append(make())
        return made[0].secrets

    found = texts(secrets)
    return replace(made[0], secrets=found)
