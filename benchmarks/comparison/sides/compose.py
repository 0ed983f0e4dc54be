"""A gateway that Docker Compose keeps, equal to the one of a project's stack."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from benchmarks.comparison.sides import compose_file
from benchmarks.comparison.sides.beside import SECRETS_FILE, secrets_of
from benchmarks.comparison.sides.deployment import FIRST_VALUE, VARIABLE, Deployment
from benchmarks.tools import Tool
from testbed.project import Project


class Compose:
    """A folder with a compose.yaml; its name is the name of Compose's project."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet."""
        self.folder, self.file = folder, folder / "compose.yaml"

    def write(self, project: Project, ports: Mapping[int, int] | None = None) -> None:
        """Write the compose.yaml of a running stack; `ports`: its host ports → others in their place."""
        compose_file.write(project, self.folder)
        if ports:
            self._rewrite(compose_file.with_host_ports(self._document(), ports))

    def deployment(self, port: int) -> Deployment:
        """Return how it is kept; its proxy is at this host port."""
        key = secrets_of((self.folder / "files" / "litellm" / SECRETS_FILE).read_text())["LITELLM_MASTER_KEY"]
        self.set_line(FIRST_VALUE)
        return Deployment(
            up=lambda: self.run("up", "--detach"),
            set_line=self.set_line,
            proxy_url=f"http://127.0.0.1:{port}",
            key=lambda: key,
        )

    def set_line(self, value: int) -> None:
        """Write the line's value into compose.yaml."""
        self._rewrite(compose_file.with_variable(self._document(), "litellm", VARIABLE, str(value)))

    def run(self, *arguments: str) -> None:
        """Run Compose on the file; it has to succeed."""
        ended = subprocess.run([Tool.COMPOSE.build(), "-f", str(self.file), *arguments], check=False,
                               capture_output=True, text=True)  # fmt: skip
        assert ended.returncode == 0, ended.stderr

    def down(self) -> None:
        """Remove all that Compose made, in this run or in one that was killed."""
        command = [Tool.COMPOSE.build(), "-p", self.folder.name, "down", "--volumes", "--timeout", "10"]
        subprocess.run(command, check=False, capture_output=True)

    def _document(self) -> compose_file.Document:
        document: compose_file.Document = yaml.safe_load(self.file.read_text())
        return document

    def _rewrite(self, document: compose_file.Document) -> None:
        self.file.write_text(yaml.safe_dump(document, sort_keys=False))
