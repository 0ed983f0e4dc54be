"""A stack is known by its configuration file."""

import pytest

from ops.errors import OperationError
from ops.stack.project import configuration_file, stack_names
from tests.unit.program import PROJECT, STACKS


def test_every_stack_is_listed() -> None:
    assert set(STACKS) <= set(stack_names())


@pytest.mark.parametrize("name", STACKS)
def test_each_stack_has_its_configuration(name: str) -> None:
    assert configuration_file(name) == PROJECT / "stacks" / f"Pulumi.{name}.yaml"


def test_an_unknown_stack_is_refused_with_those_there_are() -> None:
    with pytest.raises(OperationError) as caught:
        configuration_file("production")
    assert str(caught.value).startswith("stack production: there is no stacks/Pulumi.production.yaml; stacks are ")
    assert set(STACKS) <= set(str(caught.value).rpartition("stacks are ")[2].split(", "))


@pytest.mark.parametrize("name", ["a/b", "", "dev\n", "a" * 300])
def test_what_is_no_name_of_a_stack_is_refused(name: str) -> None:
    with pytest.raises(OperationError, match="a name has letters, digits"):
        configuration_file(name)
