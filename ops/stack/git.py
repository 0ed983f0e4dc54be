"""The git repository of the project: its commit, its changed files, and checkouts of other commits."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OperationError
from ops.stack.project import CACHE, PROJECT

WORKTREES = CACHE / "worktrees"
SHORT_COMMIT = 10
"""Digits of a commit that are shown."""
SHOWN_FILES = 5


@dataclass(frozen=True)
class Repository:
    """A folder that may be under git."""

    folder: Path = PROJECT

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None without a repository or a commit."""
        return self._ask("rev-parse", "--verify", "--quiet", "HEAD")

    @property
    def subject(self) -> str | None:
        """The first line of that commit's message."""
        return self._ask("log", "-1", "--format=%s")

    def changed_files(self, *, besides: Path | None = None) -> list[str]:
        """Return the files that differ from the commit, untracked ones included; one that is no source is left out."""
        if besides is None or not besides.is_file():
            return self._status()
        # Git's own name for the file; nothing where it is outside of the repository.
        left_out = self._status("--untracked-files=all", "--", str(besides.absolute()))
        return [name for name in self._status("--untracked-files=all") if name not in left_out]

    def has_commit(self, commit: str) -> bool:
        """Return whether the commit is here; a shallow clone lacks older ones."""
        return self._ask("cat-file", "-e", f"{commit}^{{commit}}") is not None

    def check_out(self, commit: str, name: str) -> Path:
        """Check a commit out into a worktree whose name begins with `name`; return the project's folder in it.

        Raises:
            OperationError: if git refuses.
        """
        top = self._ask("rev-parse", "--show-toplevel")
        folder = WORKTREES / f"{name}-{commit[:SHORT_COMMIT]}"
        self.remove(folder)
        made = self._git("worktree", "add", "--detach", "--force", str(folder), commit)
        if made.returncode or top is None:
            reason = made.stderr.strip().splitlines()[-1]
            raise OperationError(f"git did not check out {commit[:SHORT_COMMIT]}: {reason}")
        return folder / self.folder.resolve().relative_to(Path(top).resolve())

    def ignore_changes(self, file: Path) -> None:
        """Make git treat a file of a worktree as unchanged, so only other changes count."""
        self._git("-C", str(file.parent), "update-index", "--skip-worktree", file.name)

    def remove(self, folder: Path) -> None:
        """Remove a worktree that `check_out` made."""
        if folder.exists():
            self._git("worktree", "remove", "--force", "--force", str(folder))
        self._git("worktree", "prune")

    def _status(self, *arguments: str) -> list[str]:
        lines = self._ask("--literal-pathspecs", "status", "--porcelain", *arguments) or ""
        return [line[3:] for line in lines.splitlines()]

    def _ask(self, *arguments: str) -> str | None:
        """Return git's output without the final newline; None if git fails or is missing."""
        try:
            ended = self._git(*arguments)
        except OSError:
            return None
        return ended.stdout.rstrip() if ended.returncode == 0 else None

    def _git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", "-C", str(self.folder), *arguments], capture_output=True, text=True, check=False)


def uncommitted(repository: Repository, *, besides: Path | None = None) -> str | None:
    """Return why an update from these files could not be found in git again; None if it could.

    Args:
        repository: the project's.
        besides: a file that is no source, such as the plan that is applied.
    """
    if repository.head is None:
        return "this is not a git repository with a commit"
    if changed := repository.changed_files(besides=besides):
        more = ", …" if len(changed) > SHOWN_FILES else ""
        return f"these files are not committed: {', '.join(changed[:SHOWN_FILES])}{more}"
    return None
