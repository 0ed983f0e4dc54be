"""A copy of this project whose stack has its own ports, state and passphrase. Other stacks are not touched."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docker.models.containers import Container

from bootstrap.virtual_environment import share_environment
from components.engine.connection.client import connect
from components.images.source import resolve_source
from testbed.image_set import stack_name, with_images

SOURCE = Path(__file__).parents[1]
COPIED = (
    "Pulumi.yaml",
    "__main__.py",
    "components",
    "ops",
    "stacks/models",
    "bootstrap",
    "tools",
)
COMMAND_TIMEOUT = 900
"""Seconds that one command may take."""


def place(config: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """Return the group that holds a setting, and the setting's key in it; a group that is missing is made.

    Args:
        config: a stack's configuration.
        path: such as `gateway:litellm.config.cooldown_time`.
    """
    *parents, key = path.split(".")
    group = config
    for parent in parents:
        group = group.setdefault(parent, {})
    return group, key


@dataclass(frozen=True)
class CommandResult:
    """The result of one command."""

    exit_code: int
    output: str
    seconds: float


class Project:
    """Runs Pulumi and `python -m ops` on the copy, and reads the stack's containers."""

    def __init__(self, folder: Path, stack: str, config: Mapping[str, Any]) -> None:
        """Copy the project into the folder and create the stack there; its state is kept in files."""
        self.folder, self.stack = folder, stack_name(stack)
        for part in COPIED:
            source, target = SOURCE / part, folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
            else:
                shutil.copy(source, target)
        share_environment(folder)
        (folder / "state").mkdir()
        (folder / "passphrase").write_text(secrets.token_urlsafe(24))
        self.environment = os.environ | {
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(folder / "passphrase"),
            "GATEWAY_IMAGE_SOURCE": resolve_source().value,
        }
        self.environment.pop("PULUMI_CONFIG_PASSPHRASE", None)
        self.config_file.write_text(yaml.safe_dump({"config": with_images(config)}))
        self.must("stack", "init", self.stack)

    @property
    def config_file(self) -> Path:
        """The stack's configuration file."""
        return self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"

    def run(
        self, command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> CommandResult:
        """Run a command in the copy, with more environment variables; standard input is empty."""
        begin = time.monotonic()
        ended = subprocess.run(
            command,
            cwd=folder or self.folder, env={**self.environment, **(environment or {})}, timeout=COMMAND_TIMEOUT,
            text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return CommandResult(ended.returncode, ended.stdout, time.monotonic() - begin)

    def pulumi(
        self, *arguments: str, program: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> CommandResult:
        """Run one Pulumi command on the stack, with the project's program or another one."""
        stack = () if arguments[:2] == ("stack", "init") else ("--stack", self.stack)
        command = ("pulumi", *arguments, *stack, "--non-interactive", "--color", "never")
        if program:
            more = {"PYTHONPATH": str(self.folder), **(environment or {})}
            return self.run(command, folder=self._folder_of(program), environment=more)
        return self.run(command, environment=environment)

    def _folder_of(self, program: Path) -> Path:
        """Make a folder from which Pulumi runs another program on the same stack."""
        folder = self.folder / "programs" / program.stem
        if not folder.exists():
            folder.mkdir(parents=True)
            share_environment(folder)
        document = yaml.safe_load((self.folder / "Pulumi.yaml").read_text())
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document | {"stackConfigDir": "../../stacks"}))
        shutil.copy(program, folder / "__main__.py")
        return folder

    def must(self, *arguments: str) -> CommandResult:
        """Run one Pulumi command that has to succeed."""
        result = self.pulumi(*arguments)
        assert result.exit_code == 0, result.output
        return result

    def up(self) -> CommandResult:
        """Update the stack; the update has to succeed."""
        return self.must("up", "--yes", "--skip-preview")

    def expect_no_changes(self) -> CommandResult:
        """Preview the stack; the preview has to show no change."""
        return self.must("preview", "--expect-no-changes")

    def ops(self, verb: str, *arguments: str, environment: Mapping[str, str] | None = None) -> CommandResult:
        """Run `python -m ops` on the copy."""
        return self.run((sys.executable, "-m", "ops", verb, *arguments), environment=environment)

    def must_ops(self, verb: str, *arguments: str) -> str:
        """Run a verb of `python -m ops` on the stack, which has to succeed; return its output."""
        result = self.ops(verb, self.stack, *arguments)
        assert result.exit_code == 0, result.output
        return result.output

    @property
    def config(self) -> dict[str, Any]:
        """The stack's configuration as its file has it."""
        found: dict[str, Any] = yaml.safe_load(self.config_file.read_text())["config"]
        return found

    def configure(self, config: Mapping[str, Any]) -> None:
        """Write another configuration. What Pulumi keeps in the same file stays."""
        document = yaml.safe_load(self.config_file.read_text())
        self.config_file.write_text(yaml.safe_dump({**document, "config": with_images(config)}))

    def change(self, path: str, value: object) -> None:
        """Change one setting by its path, such as `gateway:litellm.config.cooldown_time`."""
        config = self.config
        group, key = place(config, path)
        group[key] = value
        self.configure(config)

    @contextmanager
    def configured(self, settings: Mapping[str, object]) -> Iterator[None]:
        """Change settings, without an update; afterwards the configuration is what it was."""
        before = self.config_file.read_text()
        try:
            for path, value in settings.items():
                self.change(path, value)
            yield
        finally:
            self.config_file.write_text(before)

    @contextmanager
    def changed(self, settings: Mapping[str, object]) -> Iterator[None]:
        """Change settings and update the stack; afterwards its configuration is what it was, and so is the stack."""
        try:
            with self.configured(settings):
                self.up()
                yield
        finally:
            self.up()

    def set_secret(self, key: str, text: str) -> None:
        """Set one key of the stack's configuration, such as `gateway:provider_keys.NAME`, encrypted.

        The text may have several lines.
        """
        subprocess.run(
            ["pulumi", "config", "set", "--secret", "--path", key, "--stack", self.stack, "--non-interactive"],
            cwd=self.folder, env=self.environment, input=text, text=True, check=True, capture_output=True,
        )  # fmt: skip

    def output(self, name: str) -> str:
        """Return one of the stack's outputs."""
        return str(json.loads(self.must("stack", "output", "--json", "--show-secrets").output)[name])

    def containers(self, workload: str | None = None) -> list[Container]:
        """Return the stack's containers, running or not; all, or those of one workload."""
        labels = [f"gateway.stack={self.stack}", *([f"gateway.workload={workload}"] if workload else [])]
        return list(connect().containers.list(all=True, filters={"label": labels}))

    def container(self, workload: str) -> Container:
        """Return the one container of a workload."""
        (container,) = self.containers(workload)
        return container

    def file(self, workload: str, path: str) -> bytes:
        """Return the content of a file in the one running container of a workload."""
        (running,) = [each for each in self.containers(workload) if each.status == "running"]
        exit_code, text = running.exec_run(["cat", path])
        assert isinstance(text, bytes)
        assert exit_code == 0, text.decode()
        return text

    def sql(self, statement: str) -> str:
        """Return the answer of the stack's database, as psql prints it without headers."""
        command = ["psql", "-U", "litellm", "-d", "litellm", "-Atc", statement]
        exit_code, text = self.container("postgres").exec_run(command)
        assert isinstance(text, bytes)
        assert exit_code == 0, text.decode()
        return text.decode().strip()
