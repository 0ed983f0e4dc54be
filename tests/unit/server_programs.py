"""Stands in for Postgres's client programs, for shell programs that are run on this machine."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("psql", "createdb", "dropdb", "pg_restore", "vacuumdb")
STAND_IN = """#!/bin/sh
program=${0##*/}
echo "$program" "$@" >>"$CALLS"
[ ! -e "$ANSWERS/$program" ] || . "$ANSWERS/$program"
"""


@dataclass(frozen=True)
class ServerPrograms:
    """Programs that do nothing but remember their calls, unless told what to do."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "ServerPrograms":
        (folder / "bin").mkdir()
        (folder / "answers").mkdir()
        for name in PROGRAMS:
            (folder / "bin" / name).write_text(STAND_IN)
            (folder / "bin" / name).chmod(0o755)
        return cls(folder)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "CALLS": str(self.folder / "calls"),
            "ANSWERS": str(self.folder / "answers"),
            "DUMPS": str(self.folder),
            "TMPDIR": str(self.folder),
            "PGDATABASE": "litellm",
        }

    @property
    def calls(self) -> str:
        """What was called, with the arguments."""
        file = self.folder / "calls"
        return file.read_text() if file.exists() else ""

    def answer(self, program: str, commands: str) -> None:
        """Let a program do this."""
        (self.folder / "answers" / program).write_text(commands)

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a shell with these arguments."""
        return subprocess.run(
            ["sh", *map(str, words)],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
