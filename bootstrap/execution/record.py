"""Records what a step has done, so that the next run knows."""

import os
from dataclasses import dataclass
from pathlib import Path

from bootstrap.execution.shell import Shell
from bootstrap.project import ROOT


@dataclass(frozen=True)
class Record:
    """Writes one text into one or several files of the checkout. A file that is deleted makes the step run again."""

    text: str
    files: tuple[Path, ...]

    def run(self, shell: Shell) -> None:
        """Write the files."""
        for file in self.files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text)
        shell.write(f"{self}: {self.text.strip()}\n")

    def __str__(self) -> str:
        return f"write {', '.join(os.path.relpath(file, ROOT) for file in self.files)}"
