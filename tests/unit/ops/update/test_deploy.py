"""A protected stack is updated from committed files only, two updates at once are refused, the message is true."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops.errors import OperationError
from ops.stack.backend.state_lock import StateLock
from ops.stack.gateway import Gateway
from ops.stack.version import number_versions
from ops.update import deploy
from tests.unit.ops.entries import entry
from tests.unit.ops.gateways import stack_settings
from tests.unit.ops.repositories import HEAD, Tree


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stacks that were opened; none is updated."""
    names: list[str] = []

    def open_or_create(name: str) -> None:
        names.append(name)
        raise OperationError("opened")

    monkeypatch.setattr(deploy, "open_or_create", open_or_create)
    return names


def test_uncommitted_files_are_refused_for_a_protected_stack(
    monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setattr(deploy, "Repository", lambda: Tree("__main__.py"))
    error = r"^prod is protected, and these files are not committed: __main__\.py; commit first$"
    with pytest.raises(OperationError, match=error):
        deploy.deploy("prod")
    assert opened == []
    with pytest.raises(OperationError, match="opened"):
        deploy.deploy("dev")
    assert opened == ["dev"]


def test_the_plan_that_is_applied_is_no_source(monkeypatch: pytest.MonkeyPatch, opened: list[str]) -> None:
    monkeypatch.setattr(deploy, "Repository", lambda: Tree("reviewed.json"))
    with pytest.raises(OperationError, match="opened"):
        deploy.deploy("prod", plan=Path("reviewed.json"))
    monkeypatch.setattr(deploy, "Repository", lambda: Tree("reviewed.json", "__main__.py"))
    with pytest.raises(OperationError, match=r"not committed: __main__\.py; commit first$"):
        deploy.deploy("prod", plan=Path("reviewed.json"))
    assert opened == ["prod"]


def test_a_second_update_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "open_or_create", lambda _: SimpleNamespace(name="dev"))
    monkeypatch.setattr(
        "ops.stack.backend.state_lock.state_locks", lambda _: [StateLock(1, "ann", "far", "2030-01-01")]
    )
    with pytest.raises(OperationError, match=r"^dev is locked by ann@far \(process 1\) since 2030-01-01;"):
        deploy.deploy("dev", plan=Path("unread"))


def test_only_unchanged_files_of_successful_updates_count_as_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(commit: str, *, dirty: str = "false", result: str = "succeeded") -> Any:
        return entry(result=result, environment={"git.head": commit, "git.dirty": dirty})

    versions = number_versions([made("a"), made("b", dirty="true"), made("c", result="failed"), entry()])
    monkeypatch.setattr(deploy, "read_versions", lambda *_, **__: versions)
    assert deploy.deployed_commits(SimpleNamespace()) == {"a"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tree", "deployed", "given", "message"),
    [
        (Tree(), [], None, "raise the limit"),
        (Tree(), [HEAD], None, "update from cccccccccc again"),
        (Tree("__main__.py"), [], None, "update with uncommitted changes on cccccccccc"),
        (Tree("__main__.py"), [HEAD], "by hand", "by hand"),
    ],
)
def test_the_message_is_true_of_the_update(
    monkeypatch: pytest.MonkeyPatch, tree: Tree, deployed: list[str], given: str | None, message: str
) -> None:
    messages: list[str] = []

    def up(**options: Any) -> Any:
        messages.append(options["message"].partition("\n")[0])
        return SimpleNamespace(outputs={"proxy_url": SimpleNamespace(value="")})

    monkeypatch.setattr(deploy, "Repository", lambda: tree)
    monkeypatch.setattr(deploy, "open_or_create", lambda _: SimpleNamespace(name="dev", up=up))
    monkeypatch.setattr(deploy, "require_unlocked", lambda _: None)
    monkeypatch.setattr(deploy, "stack_engine", lambda _: SimpleNamespace(require_parts=lambda _: None))
    monkeypatch.setattr(deploy, "deployed_commits", lambda _: deployed)
    monkeypatch.setattr(deploy, "settings_of", lambda _: stack_settings("dev"))
    monkeypatch.setattr(Gateway, "from_outputs", lambda *_: None)
    monkeypatch.setattr(deploy, "smoke_test", lambda *_: None)
    deploy.deploy("dev", message=given)
    assert messages == [message]
