"""What stands in a stack's file where nobody reads it is refused."""

from pathlib import Path

import pulumi
import pytest

from components.stack.read import parse
from components.stack.settings import Settings
from components.stack.stack_file import unread_keys
from tests.unit.program import PROJECT, STACKS


def test_settings_that_are_not_below_config_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.mine.yaml"
    file.write_text("gateway:edge:\n  proxy_port: 4300\nencryptionsalt: v1:x\n")
    (sentence,) = unread_keys(file)
    assert sentence == "gateway:edge: stands beside config: in Pulumi.mine.yaml, where nobody reads it; indent it"


@pytest.mark.parametrize("name", STACKS)
def test_own_stacks_have_no_such_key(name: str) -> None:
    assert list(unread_keys(PROJECT / "stacks" / f"Pulumi.{name}.yaml")) == []


@pytest.mark.parametrize("text", ["", "- a", "config: {", "\x00"])
def test_what_pulumi_refuses_itself_is_left_to_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.mine.yaml").write_text(text)
    assert list(unread_keys(tmp_path / "Pulumi.mine.yaml")) == []
    assert list(unread_keys(tmp_path / "Pulumi.absent.yaml")) == []


@pytest.mark.parametrize("project", ["gatway", "Gateway", "gateways", "gate-way"])
def test_settings_of_a_misspelt_project_are_refused(project: str) -> None:
    with pytest.raises(pulumi.RunError, match=rf"^{project}:edge: is read by nobody; settings begin with gateway:$"):
        parse({f"{project}:edge": "{}", "pulumi:tags": "{}"}, "gateway")


def test_settings_of_other_projects_are_passed_over() -> None:
    others = {"docker:host": "ssh://elsewhere", "kubernetes:context": "test", "aws:region": "eu-west-1"}
    assert parse(others, "gateway") == Settings()
