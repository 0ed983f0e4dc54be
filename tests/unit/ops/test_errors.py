"""A verb that cannot do its work ends with one sentence."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi import RunError
from pulumi.automation import CommandError, CommandResult, ConcurrentUpdateError

from ops.check.load.load_test import chat_model
from ops.errors import OperationError, exit_with_one_sentence, pulumi_errors
from tests.unit.ops.gateways import gateway_of, with_wrong_models

OUTPUT = """\
Updating (dev):
 +  docker:index:Container edge creating (1s) error: in a row of its own
Diagnostics:
  pulumi:pulumi:Stack (gateway-dev):
    error: edge.proxy_port: port 4000 is taken by container nginx
    warning: error: of no weight
error: update failed
"""


def ended(body: Callable[[], Any]) -> object:
    with pytest.raises(SystemExit) as caught, exit_with_one_sentence():
        body()
    return caught.value.code


def fail(error: Exception) -> Callable[[], None]:
    def body() -> None:
        raise error

    return body


def test_only_the_errors_of_pulumi_s_output_are_printed() -> None:
    assert pulumi_errors(OUTPUT).splitlines() == [
        "error: edge.proxy_port: port 4000 is taken by container nginx",
        "error: update failed",
    ]


def test_output_without_errors_is_printed_whole() -> None:
    assert pulumi_errors("\nsomething else\n\n") == "something else"


def test_a_failure_ends_the_process_with_its_sentence() -> None:
    assert ended(fail(OperationError("no passphrase"))) == "error: no passphrase"


def test_what_the_program_refuses_ends_the_process_with_its_sentence() -> None:
    assert ended(fail(RunError("litellm.cpuset: should be within"))) == "error: litellm.cpuset: should be within"


@pytest.mark.parametrize("wanted", [None, "small"])
def test_a_wrong_model_file_ends_the_process_with_its_sentence(tmp_path: Path, wanted: str | None) -> None:
    gateway = with_wrong_models(gateway_of("dev"), tmp_path)
    assert ended(lambda: chat_model(gateway, wanted)).startswith(f"error: {tmp_path}/wrong.yaml: ")


def test_a_failed_pulumi_command_ends_the_process_with_its_errors() -> None:
    result = CommandResult(stdout=OUTPUT, stderr="", code=255)
    assert str(ended(fail(CommandError(result)))).splitlines() == pulumi_errors(OUTPUT).splitlines()


def test_a_second_update_at_once_says_whose_lock_it_met() -> None:
    said = "error: the stack is currently locked by 1 lock(s).\n  s3://state/lock.json: created by ann@host (pid 7)"
    locked = ConcurrentUpdateError(CommandResult(stdout="", stderr=f"{said}\n", code=255))
    assert str(ended(fail(locked))).startswith(said)


def test_other_errors_keep_their_traceback() -> None:
    with pytest.raises(ZeroDivisionError), exit_with_one_sentence():
        fail(ZeroDivisionError())()


def test_work_that_succeeds_goes_on() -> None:
    done = []
    with exit_with_one_sentence():
        done.append("work")
    assert done == ["work"]


def test_a_single_error_line_stands_alone() -> None:
    error = CommandError(CommandResult(stdout="", stderr="error: incorrect passphrase\n", code=255))
    assert pulumi_errors(str(error)) == "error: incorrect passphrase"


def test_the_password_of_a_backend_that_does_not_answer_is_not_shown() -> None:
    address = "postgres://pulumi:a-password@127.0.0.1:1/state?sslmode=disable"
    refused = f'error: unable to open bucket "{address}": failed to ping PostgreSQL: connection refused'
    assert pulumi_errors(f"code: 255\n stderr: {refused}\n") == refused.replace("pulumi:a-password@", "****@")


def test_a_plan_violation_is_printed_without_values() -> None:
    output = (
        "  error: resource urn::litellm-secrets violates plan: properties changed: =~uploads[{KEY=hush}]\nKEY=hush\n"
    )
    assert pulumi_errors(output) == "error: resource urn::litellm-secrets violates plan"


def test_what_the_system_refuses_is_one_sentence(tmp_path: Path) -> None:
    assert ended(tmp_path.read_text) == f"error: {tmp_path}: is a directory"


def test_an_absent_program_is_named_with_the_cure() -> None:
    found = ended(lambda: subprocess.run(["no-such-pulumi"], check=False))
    assert found == "error: no-such-pulumi: there is no such program or file; `source .envrc`, or run bootstrap/run"


def test_the_cause_below_an_error_is_part_of_its_line() -> None:
    said = "error: getting stack configuration: yaml: unmarshal errors:\n  line 18: mapping key already defined"
    assert pulumi_errors(said) == " ".join(said.split())
