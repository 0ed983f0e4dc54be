"""Repositories as a test wants them; no git runs."""

from pathlib import Path

from ops.stack.git import Repository

HEAD = "c" * 40


class Tree(Repository):
    """A repository at the commit HEAD whose files are changed or not."""

    changed: list[str]

    def __init__(self, *changed: str) -> None:
        object.__setattr__(self, "changed", list(changed))

    @property
    def head(self) -> str:
        return HEAD

    @property
    def subject(self) -> str:
        return "raise the limit"

    def changed_files(self, *, besides: Path | None = None) -> list[str]:
        return [file for file in self.changed if file != str(besides)]
