"""What a backup records of the stack's past."""

from datetime import UTC, datetime

import pytest
from pulumi.automation import UpdateSummary

from ops.data.backup import last_commit


def update(commit: str | None, kind: str = "update", result: str = "succeeded") -> UpdateSummary:
    environment = {"git.head": commit} if commit else {}
    return UpdateSummary(kind, datetime.now(UTC), "", environment, {}, result)


@pytest.mark.parametrize(
    ("updates", "commit"),
    [
        ([], ""),
        ([update(None)], ""),
        ([update("new"), update("old")], "new"),
        ([update("failed", result="failed"), update("refresh", kind="refresh"), update("old")], "old"),
    ],
)
def test_the_commit_is_that_of_the_last_update_that_succeeded(updates: list[UpdateSummary], commit: str) -> None:
    assert last_commit(updates) == commit
