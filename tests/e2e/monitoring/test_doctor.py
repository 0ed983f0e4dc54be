"""The doctor of a machine that runs a gateway finds it fit, and a lost passphrase before it is needed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.project import SOURCE, Project


@pytest.fixture(autouse=True)
def installed(gateway: Project) -> Iterator[None]:
    """What bootstrap made is this checkout's."""
    cache = gateway.folder / ".cache"
    cache.symlink_to(SOURCE / ".cache")
    yield
    cache.unlink()


def examined(gateway: Project, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    result = gateway.ops("doctor", gateway.stack, "--json", **environment)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, {check["about"]: check for check in json.loads(line)["checks"]}


def test_a_machine_that_runs_the_gateway_is_fit(gateway: Project) -> None:
    exit_code, checks = examined(gateway)
    assert exit_code == 0, checks
    assert {about for about, check in checks.items() if check["grade"] == "good"} >= {
        "Docker engine",
        "Pulumi",
        "backend",
        f"{gateway.stack}: secrets",
        # Its own edge holds them.
        f"{gateway.stack}: ports",
    }


def test_a_passphrase_that_opens_nothing_is_told(gateway: Project) -> None:
    exit_code, checks = examined(gateway, PULUMI_CONFIG_PASSPHRASE="another")
    assert exit_code == 1
    secrets = checks[f"{gateway.stack}: secrets"]
    assert (secrets["grade"], "incorrect passphrase" in secrets["text"]) == ("fault", True)
