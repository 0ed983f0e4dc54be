"""A container that has one of the stack's names, and is not the stack's, is refused."""

from types import SimpleNamespace
from typing import Any

from components.engine.host.names import refusals

NAMES = ("gateway-dev-postgres", "gateway-dev-redis")


def container(name: str, stack: str | None = None) -> Any:
    return SimpleNamespace(name=name, labels={"gateway.stack": stack} if stack else {})


def test_own_and_unrelated_containers_are_accepted() -> None:
    assert refusals("dev", NAMES, [container("gateway-dev-postgres", "dev"), container("postgres")]) == []


def test_stranger_with_a_name_of_the_stack_is_refused_with_the_cure() -> None:
    (refusal,) = refusals("dev", NAMES, [container("gateway-dev-redis"), container("gateway-dev-redis-2")])
    assert refusal.startswith("container gateway-dev-redis: has a name of this stack, and is none of its containers; ")
    assert "`docker rename gateway-dev-redis gateway-dev-redis-old`" in refusal
