"""A user of this machine without root, in the group docker, and a copy of the project that belongs to that user."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testbed.project import SOURCE, CommandResult, Project

NAME = "gateway-hosts"
OPEN_FOLDERS = """
set -e
mount --make-rprivate /
mount --bind "$CLOSED" /mnt
mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
for folder in $NEEDED; do
  mkdir -p "$CLOSED/$folder"
  mount --bind "/mnt/$folder" "$CLOSED/$folder"
done
exec "$@"
"""
"""Runs a command that finds nothing in a folder but what it needs: the home of root, whose rights keep others out, may
hold this checkout and its Python."""


@dataclass(frozen=True)
class Person:
    """A user without root."""

    name: str

    @property
    def home(self) -> Path:
        """The user's home."""
        return Path(pwd.getpwnam(self.name).pw_dir)

    def command(self, command: Sequence[str]) -> list[str]:
        """Return a command that runs another one as this user."""
        wrapped = ["setpriv", f"--reuid={self.name}", f"--regid={self.name}", "--init-groups", *command]
        closed = Path.home()
        if closed.stat().st_mode & 0o001:
            return wrapped
        real = {Path(place).resolve() for place in (SOURCE, SOURCE / ".venv", sys.base_prefix)}
        needed = [str(place.relative_to(closed)) for place in sorted(real) if place.is_relative_to(closed)]
        variables = [f"CLOSED={closed}", f"NEEDED={' '.join(needed)}"]
        return ["env", *variables, "unshare", "--mount", "sh", "-c", OPEN_FOLDERS, "sh", *wrapped]


@contextmanager
def person() -> Iterator[Person]:
    """Make the user; it is removed at the end."""
    subprocess.run(["userdel", "--remove", NAME], check=False, capture_output=True)
    subprocess.run(["useradd", "--create-home", "--groups", "docker", NAME], check=True, capture_output=True)
    try:
        yield Person(NAME)
    finally:
        subprocess.run(["userdel", "--remove", NAME], check=True, capture_output=True)


class PersonalProject(Project):
    """A copy of the project in the user's home. Its commands run as the user."""

    def __init__(self, person: Person, stack: str, config: Mapping[str, Any]) -> None:
        """Copy the project and Pulumi's plugins, and create the stack."""
        self.is_root = False
        self.person, self.pulumi_home = person, person.home / ".pulumi"
        shutil.copytree(Path(os.environ["PULUMI_HOME"]) / "plugins", self.pulumi_home / "plugins")
        super().__init__(person.home / "project", stack, config)

    def run(
        self, command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> CommandResult:
        """Run a command as the user, who owns the copy."""
        if self.is_root:
            return super().run(command, folder=folder, environment=environment)
        subprocess.run(["chown", "--recursive", f"{self.person.name}:", self.person.home], check=True)
        own = {"HOME": str(self.person.home), "PULUMI_HOME": str(self.pulumi_home), "USER": self.person.name}
        return super().run(self.person.command(command), folder=folder, environment={**own, **(environment or {})})

    @contextmanager
    def as_root(self) -> Iterator[None]:
        """Run commands as root meanwhile, which namespaces need."""
        self.is_root = True
        try:
            yield
        finally:
            self.is_root = False
