"""The message of an update claims only what is so, and names who ran it."""

import os
import socket
from collections.abc import Collection
from pathlib import Path

import pytest

from ops.stack.git import Repository
from ops.stack.update_message import default_message, split_author, with_author
from tests.unit.ops.repositories import HEAD, Tree


def unasked() -> Collection[str]:
    pytest.fail("the history was read")


def test_outside_git_the_message_claims_nothing(tmp_path: Path) -> None:
    assert default_message(Repository(tmp_path), dirty=False, deployed=unasked) == "update"


def test_uncommitted_changes_need_no_history() -> None:
    assert default_message(Tree(), dirty=True, deployed=unasked) == "update with uncommitted changes on cccccccccc"


def test_a_new_commit_is_named_by_its_subject() -> None:
    assert default_message(Tree(), dirty=False, deployed=lambda: ["another"]) == "raise the limit"


def test_a_deployed_commit_is_named_as_such() -> None:
    assert default_message(Tree(), dirty=False, deployed=lambda: [HEAD]) == "update from cccccccccc again"


@pytest.mark.parametrize("error", [KeyError, OSError])
def test_an_author_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail() -> str:
        raise error("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", fail)
    assert split_author(with_author("more replicas"))[1] == f"{os.getuid()}@{socket.gethostname()}"


def test_the_author_is_read_back() -> None:
    message, author = split_author(with_author("more replicas"))
    assert message == "more replicas"
    assert str(author).count("@") == 1
    assert split_author("more replicas") == ("more replicas", None)
