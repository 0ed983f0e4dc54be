"""What is applied to a protected stack is in git, and two updates at once are refused."""

from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.stack.lock import Lock
from ops.update import deploy as up


@pytest.mark.parametrize(
    ("text", "protected"),
    [
        ("config:\n  gateway:protect: true\n", True),
        ('config:\n  gateway:protect: "true"\n', True),
        ("config:\n  gateway:protect: false\n", False),
        ("config: {}\n", False),
    ],
)
def test_a_stack_is_protected_as_its_file_says(text: str, protected: bool) -> None:  # noqa: FBT001
    assert up.protects(text) is protected


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stacks that were opened; none is brought up."""
    names: list[str] = []

    def select(name: str) -> None:
        names.append(name)
        raise OperationError("opened")

    monkeypatch.setattr(up, "select", select)
    return names


def test_uncommitted_files_are_refused_for_a_protected_stack_before_anything(
    monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setattr(up, "refusal", lambda _: "not as committed: __main__.py")
    with pytest.raises(OperationError, match=r"^prod is protected, and not as committed: __main__\.py; commit first$"):
        up.run("prod")
    assert opened == []
    with pytest.raises(OperationError, match="opened"):
        up.run("dev")
    assert opened == ["dev"]


def test_a_second_update_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "select", lambda _: type("Stack", (), {"name": "dev"}))
    monkeypatch.setattr("ops.stack.lock.locks", lambda _: [Lock(1, "ann", "far", "2030-01-01T00:00:00Z")])
    with pytest.raises(OperationError, match=r"^dev is locked by ann@far \(process 1\) since 2030-01-01T00:00:00Z;"):
        up.run("dev", plan=Path("unread"))
