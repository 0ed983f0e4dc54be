"""The message that the history keeps of an update: what it did, and who ran it."""

import re
from collections.abc import Callable, Collection

from components.engine.ownership import user_at_host
from ops.stack.git import SHORT_COMMIT, Repository

AUTHOR = re.compile(r"^By: (.+)$", flags=re.MULTILINE)
"""The line that names who ran the update; Pulumi notes it only in its own cloud."""


def default_message(repository: Repository, *, dirty: bool, deployed: Callable[[], Collection[str]]) -> str:
    """Return a message for an update that was given none.

    A commit's subject is true of the update only if no file differs from it and it was not deployed before.

    Args:
        repository: holds the files that are deployed.
        dirty: whether files differ from the commit. Pulumi changes the stack's file when it creates a stack, so the
            caller looks before that.
        deployed: returns the commits that were deployed before; called only if the answer depends on it.
    """
    commit = repository.head
    if commit is None:
        return "update"
    short = commit[:SHORT_COMMIT]
    if dirty:
        return f"update with uncommitted changes on {short}"
    if commit in deployed():
        return f"update from {short} again"
    return repository.subject or f"update from {short}"


def with_author(message: str) -> str:
    """Return the message with a line that names who runs this process: USER@HOST."""
    return f"{message}\n\nBy: {user_at_host()}"


def split_author(message: str) -> tuple[str, str | None]:
    """Return a message without its author line, and the author; None if there is no such line."""
    found = AUTHOR.search(message)
    return AUTHOR.sub("", message).strip(), found[1] if found else None
