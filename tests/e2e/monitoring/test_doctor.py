"""`python -m ops doctor` on the machine of a running gateway."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from testbed.project import SOURCE, Project


@pytest.fixture(autouse=True)
def installed(gateway: Project) -> Iterator[None]:
    """The copy uses what bootstrap installed for this checkout."""
    cache = gateway.folder / ".cache"
    cache.symlink_to(SOURCE / ".cache")
    yield
    cache.unlink()


def diagnosis(gateway: Project, **environment: str) -> tuple[int, dict[str, dict[str, Any]]]:
    result = gateway.ops("doctor", gateway.stack, "--json", environment=environment)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, {check["subject"]: check for check in json.loads(line)["checks"]}


def test_the_doctor_finds_no_fault_on_a_machine_that_runs_a_gateway(gateway: Project) -> None:
    exit_code, checks = diagnosis(gateway)
    assert exit_code == 0, checks
    assert {subject for subject, check in checks.items() if check["status"] == "ok"} >= {
        "Docker engine",
        "Pulumi",
        "backend",
        f"{gateway.stack}: secrets",
        # Held by its own edge.
        f"{gateway.stack}: ports",
    }


def test_the_doctor_finds_a_wrong_passphrase(gateway: Project) -> None:
    exit_code, checks = diagnosis(gateway, PULUMI_CONFIG_PASSPHRASE="another")
    assert exit_code == 1
    secrets = checks[f"{gateway.stack}: secrets"]
    assert (secrets["status"], "incorrect passphrase" in secrets["text"]) == ("error", True)
