"""A state that a power loss cut off comes back, and orphans of the stack go, but nobody else's."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest
from docker.models.networks import Network

from components.engine.labels import IDENTITY_LABEL, STACK_LABEL
from testbed.project import Project
from tests.e2e.identity.conftest import Standing


@pytest.fixture
def state(gateway: Project) -> Iterator[Path]:
    """The file of the gateway's state; afterwards it is what it was."""
    file = gateway.folder / "state" / ".pulumi" / "stacks" / "gateway" / f"{gateway.stack}.json"
    before = file.read_bytes()
    yield file
    file.write_bytes(before)


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["empty", "half"])
def test_a_state_that_is_cut_off_comes_back(gateway: Project, state: Path, share: float) -> None:
    before, whole = Standing.of(gateway), state.read_bytes()
    cut = whole[: int(len(whole) * share)]
    state.write_bytes(cut)
    for verb in ("preview", "up", "drift", "health", "history", "backup", "rotate"):
        result = gateway.ops(verb, gateway.stack)
        assert result.exit_code != 0
        cure = f"`python -m ops recover {gateway.stack}` repairs it"
        assert result.output.strip() == f"error: {gateway.stack}: {state} is cut off or empty: {cure}"
    assert f"{state} is cut off or empty\n" in gateway.ops("doctor", gateway.stack).output

    told = gateway.must_ops("recover", "--yes")
    assert "that copy is of " in told
    assert f"{gateway.stack}: nothing is wrong" in told
    (kept,) = {each for each in state.parent.glob("*.broken-*") if each.read_bytes() == cut}
    kept.unlink()
    assert Standing.of(gateway) == before
    gateway.expect_no_changes()


def test_a_version_that_is_cut_off_leaves_the_history(gateway: Project) -> None:
    history = gateway.folder / "state" / ".pulumi" / "history" / "gateway" / gateway.stack
    newest = max(history.glob("*.history.json"))
    whole = newest.read_bytes()
    newest.write_bytes(whole[:100])
    try:
        assert f"{newest} is cut off or empty" in gateway.ops("history", gateway.stack).output
        gateway.must_ops("recover", "--yes")
        gateway.must_ops("history")
    finally:
        newest.write_bytes(whole)


@contextmanager
def network(gateway: Project, name: str, identity: str | None) -> Iterator[Network]:
    """Create a network that looks like the stack's; it is removed at the end."""
    labels = {STACK_LABEL: gateway.stack} | ({IDENTITY_LABEL: identity} if identity else {})
    made = docker.from_env().networks.create(f"gateway-{gateway.stack}-{name}", labels=labels)
    try:
        yield made
    finally:
        subprocess.run(["docker", "network", "rm", "--force", str(made.id)], check=True, capture_output=True)


def identity(gateway: Project) -> str:
    """Return the identity that the stack's volumes carry."""
    filters: dict[str, str | list[str] | bool] = {"label": [f"{STACK_LABEL}={gateway.stack}"]}
    (found,) = {each.attrs["Labels"][IDENTITY_LABEL] for each in docker.from_env().volumes.list(filters=filters)}
    return str(found)


def test_recover_removes_what_an_ended_update_left_and_no_stranger_s(gateway: Project) -> None:
    before = Standing.of(gateway)
    with (
        network(gateway, "front-network-00000", identity(gateway)) as orphan,
        network(gateway, "data-network-00000", None) as unlabelled,
    ):
        assert gateway.ops("drift", gateway.stack).exit_code == 2
        told = gateway.must_ops("recover", "--yes")
        assert f"removing the network {orphan.name}" in told
        left = Standing.of(gateway).networks
        assert (orphan.id in left, unlabelled.id in left) == (False, True)
    assert Standing.of(gateway) == before


def test_nothing_is_done_beside_a_stranger_s_network(gateway: Project) -> None:
    with network(gateway, "front-network-00000", "f" * 16):
        before = Standing.of(gateway)
        for verb in (("up",), ("recover", "--yes"), ("down",)):
            result = gateway.ops(verb[0], gateway.stack, *verb[1:])
            assert result.exit_code != 0
            assert f"another stack named {gateway.stack} (1 network: gateway-{gateway.stack}-front" in result.output
        assert f"another stack named {gateway.stack}" in gateway.must_ops("health")
        assert Standing.of(gateway) == before
