"""LiteLLM's own check of its configuration, as a job."""

import ast
import shlex
from dataclasses import replace

import pytest

from components.engine.labels import IDENTITY_FOLDER
from components.engine.workload import Job
from components.litellm.component import replica
from components.litellm.environment import METRICS_ENVIRONMENT
from components.litellm.validation import PROGRAM, TIMEOUT_SECONDS, job
from tests.unit.components.replicas import ARGS
from tests.unit.program import Program

REPLICA = replica(ARGS, "litellm", "export KEY=hush\n")


def described(*, own_authorities: bool = False) -> Job:
    return job(REPLICA, "config.yaml", attempt=3, own_authorities=own_authorities)


def test_validation_is_of_what_a_replica_gets() -> None:
    check = described()
    for field in ("image", "user", "networks", "environment", "config", "programs", "secrets", "host_gateway"):
        assert getattr(check, field) == getattr(REPLICA, field), field
    assert check.files_name == REPLICA.alias


def test_validation_needs_no_folder_of_metrics() -> None:
    watched = replica(replace(ARGS, context=replace(ARGS.context, metrics=True)), "litellm", "export KEY=hush\n")
    check = job(watched, "config.yaml", attempt=3, own_authorities=False)
    assert watched.environment.keys() - check.environment.keys() == METRICS_ENVIRONMENT.keys()


def test_validation_is_litellm_s_own_and_ends_in_time() -> None:
    shell, option, line = described().entrypoint
    assert (shell, option) == ("sh", "-c")
    assert shlex.split(line) == [
        *(".", "/run/secrets/environment", "&&", "exec", "timeout", str(TIMEOUT_SECONDS)),
        *("python3", "-c", PROGRAM, "/etc/gateway/config.yaml"),
    ]
    ast.parse(PROGRAM)


def test_validation_trusts_own_authorities_as_replicas_do() -> None:
    assert described(own_authorities=True).entrypoint[-1].startswith('cat "$(python3 -m certifi)" /etc/gateway/ca.pem')


def test_failed_validation_has_a_new_attempt() -> None:
    assert described().labels == {"gateway.attempt": "3"}


def test_validation_shares_the_files_of_the_replicas(program: Program) -> None:
    replica = [each for each in program.named("litellm-1")["volumes"] if each["containerPath"] != IDENTITY_FOLDER]
    assert program.named("validation")["volumes"] == replica
    assert not [args.name for args in program.all_containers if args.name.startswith("validation-")]


@pytest.mark.parametrize("own", ["migration", "dump", "postgres"])
def test_validation_waits_for_no_database(program: Program, own: str) -> None:
    assert own not in program.waits_for("validation")
