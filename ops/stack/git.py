"""The git repository that the project stands in: which commit a version is of, and how to have its files again."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OperationError
from ops.stack.automation import PROJECT

WORKTREES = PROJECT / ".cache" / "worktrees"
SHORT = 10
"""Digits of a commit that are shown."""


@dataclass(frozen=True)
class Repository:
    """A folder under git, or not."""

    folder: Path = PROJECT

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None where there is no repository or no commit."""
        return self._ask("rev-parse", "--verify", "--quiet", "HEAD")

    @property
    def subject(self) -> str | None:
        """The first line of that commit's message."""
        return self._ask("log", "-1", "--format=%s")

    def changed_files(self) -> list[str]:
        """Name the files that are not as committed, new ones among them."""
        return [line[3:] for line in (self._ask("status", "--porcelain") or "").splitlines()]

    def holds(self, commit: str) -> bool:
        """Tell whether a commit is there; a shallow clone lacks the older ones."""
        return self._ask("cat-file", "-e", f"{commit}^{{commit}}") is not None

    def check_out(self, commit: str, name: str) -> Path:
        """Give a folder with the project as it was at a commit, `name` a part of the folder's own.

        Raises:
            OperationError: when git refuses.
        """
        top = self._ask("rev-parse", "--show-toplevel")
        folder = WORKTREES / f"{name}-{commit[:SHORT]}"
        self.remove(folder)
        made = self._git("worktree", "add", "--detach", "--force", str(folder), commit)
        if made.returncode or top is None:
            raise OperationError(f"git did not check out {commit[:SHORT]}: {made.stderr.strip().splitlines()[-1]}")
        return folder / self.folder.resolve().relative_to(Path(top).resolve())

    def overlook(self, file: Path) -> None:
        """Let git take a file of a checked-out folder for unchanged, so that only other changes count."""
        self._git("-C", str(file.parent), "update-index", "--skip-worktree", file.name)

    def remove(self, folder: Path) -> None:
        """Remove a folder that `check_out` made."""
        if folder.exists():
            self._git("worktree", "remove", "--force", "--force", str(folder))
        self._git("worktree", "prune")

    def _ask(self, *arguments: str) -> str | None:
        """Give what git says, without the line's end; None where it refuses or there is none."""
        try:
            ended = self._git(*arguments)
        except OSError:
            return None
        return ended.stdout.rstrip() if ended.returncode == 0 else None

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", "-C", str(self.folder), *arguments], capture_output=True, text=True, check=False)


def refusal(repository: Repository) -> str | None:
    """Say why what would be applied could not be found again in git; None when it could."""
    if repository.head is None:
        return "this is no git repository with a commit, so what is applied could not be found again"
    if changed := repository.changed_files():
        shown = ", ".join(changed[:5]) + (", …" if len(changed) > 5 else "")
        return f"not as committed: {shown}"
    return None
