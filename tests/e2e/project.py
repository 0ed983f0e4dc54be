"""A copy of this project whose stack has ports, state and passphrase of its own: other stacks survive the tests."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import yaml
from docker.models.containers import Container

from components.images.source import resolve_source

SOURCE = Path(__file__).parents[2]
PARTS = (
    "Pulumi.yaml",
    "__main__.py",
    "components",
    "ops",
    "stacks/models",
    "bootstrap",
    "tools",
)
PATIENCE = 900


@dataclass(frozen=True)
class Result:
    """How one Pulumi command ended."""

    exit_code: int
    output: str
    seconds: float


class Project:
    """Runs Pulumi on the copy."""

    def __init__(self, folder: Path, stack: str, config: dict[str, Any]) -> None:
        """Copy the project into a folder and make the stack there, its state in files."""
        self.folder, self.stack = folder, stack
        for part in PARTS:
            source, target = SOURCE / part, folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
            else:
                shutil.copy(source, target)
        (folder / "state").mkdir()
        (folder / "passphrase").write_text(secrets.token_urlsafe(24))
        self.environment = os.environ | {
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(folder / "passphrase"),
            "GATEWAY_IMAGE_SOURCE": resolve_source().value,
        }
        self.environment.pop("PULUMI_CONFIG_PASSPHRASE", None)
        self.config_file.write_text(yaml.safe_dump({"config": config}))
        self.must("stack", "init", stack)

    @property
    def config_file(self) -> Path:
        """The stack's configuration."""
        return self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"

    def pulumi(self, *arguments: str, **environment: str) -> Result:
        """Run one Pulumi command on the stack."""
        begin = time.monotonic()
        stack = () if arguments[:2] == ("stack", "init") else ("--stack", self.stack)
        ended = subprocess.run(
            ["pulumi", *arguments, *stack, "--non-interactive", "--color", "never"],
            cwd=self.folder, env=self.environment | environment, text=True, timeout=PATIENCE, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return Result(ended.returncode, ended.stdout, time.monotonic() - begin)

    def ops(self, *arguments: str, **environment: str) -> Result:
        """Run `python -m ops` on the copy."""
        begin = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=self.folder, env=self.environment | environment, text=True, timeout=PATIENCE, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Result(ended.returncode, ended.stdout, time.monotonic() - begin)

    def must(self, *arguments: str, **environment: str) -> Result:
        """Run one Pulumi command that has to succeed."""
        result = self.pulumi(*arguments, **environment)
        assert result.exit_code == 0, result.output
        return result

    def set_secret(self, key: str, text: str) -> None:
        """Set one key of the stack's configuration, encrypted; a text of several lines goes in by standard input."""
        subprocess.run(
            ["pulumi", "config", "set", "--secret", key, "--stack", self.stack, "--non-interactive"],
            cwd=self.folder, env=self.environment, input=text, text=True, check=True, capture_output=True,
        )  # fmt: skip

    def change(self, path: str, value: object) -> None:
        """Set one key of the stack's configuration: `gateway:litellm.config.cooldown_time`."""
        document = yaml.safe_load(self.config_file.read_text())
        *parents, key = path.split(".")
        place = document["config"]
        for parent in parents:
            place = place.setdefault(parent, {})
        place[key] = value
        self.config_file.write_text(yaml.safe_dump(document))

    def put_under_git(self) -> str:
        """Commit the project as it stands; give the commit."""
        (self.folder / ".gitignore").write_text("state/\npassphrase\n.cache/\n__pycache__/\n.venv/\n*.log\n")
        self.git("init", "--quiet")
        return self.commit("begin")

    def commit(self, subject: str) -> str:
        """Commit all that has changed; give the commit."""
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        """Run git on the copy."""
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
        return subprocess.run(
            ["git", "-C", str(self.folder), *identity, *arguments], check=True, capture_output=True, text=True
        ).stdout.strip()

    def history(self) -> list[dict[str, Any]]:
        """Give the stack's versions, the oldest first."""
        versions: list[dict[str, Any]] = json.loads(self.ops("history", self.stack, "--json").output)
        return versions

    def file(self, workload: str, path: str) -> bytes:
        """Read a file of the one running container of a workload."""
        (running,) = [each for each in self.containers(workload) if each.status == "running"]
        exit_code, text = running.exec_run(["cat", path])
        assert isinstance(text, bytes)
        assert exit_code == 0, text.decode()
        return text

    def output(self, name: str) -> str:
        """Read one of the stack's outputs."""
        return str(json.loads(self.must("stack", "output", "--json", "--show-secrets").output)[name])

    def containers(self, workload: str | None = None) -> list[Container]:
        """Give the stack's containers, running or not."""
        labels = [f"gateway.stack={self.stack}", *([f"gateway.workload={workload}"] if workload else [])]
        return list(docker.from_env().containers.list(all=True, filters={"label": labels}))

    def container(self, workload: str) -> Container:
        """Give the one container of a workload."""
        (container,) = self.containers(workload)
        return container

    def sql(self, statement: str) -> str:
        """Ask the stack's database."""
        command = ["psql", "-U", "litellm", "-d", "litellm", "-Atc", statement]
        exit_code, text = self.container("postgres").exec_run(command)
        assert isinstance(text, bytes)
        assert exit_code == 0, text.decode()
        return text.decode().strip()


def free_ports(count: int) -> list[int]:
    """Find host ports that nothing holds."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports
