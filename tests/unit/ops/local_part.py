"""Stands in for the backup container: its programs run on this machine."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from components.data.backup import PROGRAMS
from components.engine.workload import PROGRAMS_FOLDER
from ops.stack.engines.part import command_failed
from tests.unit.server_programs import ServerPrograms


@dataclass
class LocalPart:
    """A part whose programs are in a folder."""

    server: ServerPrograms
    programs: Path = PROGRAMS

    def run(self, take: Callable[[bytes], object], *command: str, name: str = "") -> None:
        words = [word.replace(PROGRAMS_FOLDER, str(self.programs)) for word in command]
        with subprocess.Popen(
            words, env=self.server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout
            assert process.stderr
            for line in process.stdout:
                take(line)
            errors = process.stderr.read()
        if process.returncode:
            raise command_failed(name, errors)

    def put(self, folder: str, archive: BinaryIO, size: int) -> None: ...
