"""A second state of the same name on one engine harms nothing, whatever it tries."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.completion import Caller
from testbed.project import CommandResult, Project
from tests.e2e.identity.conftest import Standing

VERBS: tuple[tuple[str, ...], ...] = (
    ("preview",),
    ("up",),
    ("recover", "--yes"),
    ("down",),
    ("restore", "20300131T091244Z-manual", "--yes"),
    ("rotate", "--yes"),
    ("backup",),
    ("backup", "--list"),
    ("health",),
)
SALT_KEY = {
    "resources": [
        {"type": "gateway:index:Secrets", "name": "secrets", "component": True},
        {
            "type": "random:index/randomPassword:RandomPassword",
            "name": "salt-key",
            "parent": "secrets",
            "id": "of-another-state",
        },
    ]
}


@pytest.fixture(scope="module")
def caller(gateway: Project, key: str) -> Iterator[Caller]:
    """Someone who asks the gateway all the time; afterwards no request has failed, and nothing has changed."""
    before = Standing.of(gateway)
    with Caller(gateway.output("proxy_url"), key) as caller:
        yield caller
    print(f"\n{len(caller.results)} requests, {len(caller.failures)} failed")
    assert caller.failures == []
    assert len(caller.results) > 20
    assert Standing.of(gateway) == before
    assert gateway.ops("drift", gateway.stack).exit_code == 0


@pytest.fixture
def untouched(gateway: Project, caller: Caller) -> Iterator[None]:
    """The gateway before and after a test: the same objects, the same rows, no failed request."""
    before = Standing.of(gateway)
    yield
    assert Standing.of(gateway) == before
    assert caller.failures == []


def refused(result: CommandResult, gateway: Project) -> None:
    """The command names whose the stack is, and the ways on."""
    assert result.exit_code != 0, result.output
    assert "Traceback" not in result.output
    sentence = f"this engine has parts of another stack named {gateway.stack} ("
    assert sentence in result.output, result.output
    assert f" in {gateway.folder} with file://{gateway.folder}/state: give your stack another name" in result.output


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_verb_of_a_second_clone_is_refused(gateway: Project, rival: Project, verb: tuple[str, ...]) -> None:
    refused(rival.ops(verb[0], rival.stack, *verb[1:]), gateway)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("command", [("preview",), ("up", "--yes", "--skip-preview")], ids=["preview", "up"])
def test_pulumi_of_a_second_clone_is_refused(gateway: Project, rival: Project, command: tuple[str, ...]) -> None:
    refused(rival.pulumi(*command), gateway)
    state = json.loads(rival.must("stack", "export").output)
    made = {each["type"] for each in state["deployment"].get("resources", [])}
    assert {each for each in made if not each.startswith(("pulumi:", "gateway:"))} == set()


@pytest.mark.usefixtures("untouched")
def test_a_state_that_is_not_lost_is_not_taken_over(gateway: Project, rival: Project) -> None:
    result = rival.ops("recover", rival.stack, "--yes", "--lost-state")
    assert result.exit_code != 0
    assert f"its state is not lost, {gateway.folder}/state/.pulumi/stacks/gateway/{gateway.stack}" in result.output


@pytest.mark.usefixtures("untouched")
def test_drift_and_doctor_of_a_second_clone_name_the_owner(gateway: Project, rival: Project) -> None:
    for verb in ("drift", "doctor"):
        refused(rival.ops(verb, rival.stack), gateway)


@pytest.mark.usefixtures("untouched")
def test_a_state_with_a_salt_key_of_its_own_is_refused_too(gateway: Project, tmp_path: Path) -> None:
    """As that of a stack which ran on another engine."""
    rival = Project(tmp_path, gateway.stack, gateway.config)
    file = tmp_path / "salt-key.json"
    file.write_text(json.dumps(SALT_KEY))
    options = ("--generate-code=false", "--protect=false", "--skip-preview", "--yes")
    rival.must("import", "--file", str(file), *options)
    refused(rival.pulumi("preview"), gateway)
    refused(rival.pulumi("up", "--yes", "--skip-preview"), gateway)
    for verb in VERBS[1:4]:
        refused(rival.ops(verb[0], rival.stack, *verb[1:]), gateway)
