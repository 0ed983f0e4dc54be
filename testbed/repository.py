"""A test's copy of the project under git, and its stack's history."""

import json
import subprocess
from typing import Any

from testbed.project import Project

IGNORED = "state/\npassphrase*\n.cache/\n__pycache__/\n.venv/\n*.log\n"


class Repository:
    """The copy of the project as a git repository."""

    def __init__(self, project: Project) -> None:
        """Commit the project as it stands, unless it is a repository already."""
        self.project = project
        if not (project.folder / ".git").exists():
            (project.folder / ".gitignore").write_text(IGNORED)
            self.git("init", "--quiet")
            self.commit("begin")

    def commit(self, subject: str) -> str:
        """Commit all changes; return the commit."""
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", subject)
        return self.head

    @property
    def head(self) -> str:
        """The last commit."""
        return self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        """Run git on the copy; return its output."""
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
        return subprocess.run(
            ["git", "-C", str(self.project.folder), *identity, *arguments], check=True, capture_output=True, text=True
        ).stdout.strip()


def versions(project: Project) -> list[dict[str, Any]]:
    """Return the versions that `python -m ops history` lists, the oldest first."""
    found: list[dict[str, Any]] = json.loads(project.must_ops("history", "--json"))
    return found
