"""Try the vendors' images where their registries answer: `make check-official`. Ten minutes, and one report to send.

Pulls every image, starts a watched stack with the mock provider, asks every model, updates it under requests, and
removes it. The stack is the check's own; no other is touched.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from docker.errors import APIError, DockerException
from docker.models.containers import Container

from components.engine.connection.client import connect
from components.images.catalog import IMAGES, OFFICIAL_ONLY
from components.images.source import SOURCE_VARIABLE, ImageSource
from testbed.completion import MODEL, Caller
from testbed.configuration import development
from testbed.container import run
from testbed.engine_lock import exclusive, remove
from testbed.project import Project
from tools.official_report import Step, report

STACK = "check-official"
REFERENCES = {name: image.official for name, image in IMAGES.items()} | OFFICIAL_ONLY
VERSION_COMMANDS = {
    "postgres": "postgres --version",
    "redis": "redis-server --version",
    "edge": "haproxy -v",
    "litellm-1": "python3 -c 'import importlib.metadata as m, sys; print(m.version(\"litellm\"), sys.version)'",
    "prometheus": "prometheus --version",
    "grafana": "ls /var/lib/grafana/plugins",
}
"""Shell commands that tell what runs, by workload. Of Grafana: the plugins that it downloaded, which should be none."""
MIB = 2**20


class Check:
    """One run: its steps, and what it learned."""

    def __init__(self) -> None:
        """Begin with what the machine says."""
        engine = connect().version()
        self.steps: list[Step] = []
        self.secrets: set[str] = set()
        self.facts = {
            "machine": f"{platform.platform()}, {os.cpu_count()} processors",
            "Docker": f"{engine['Version']}, API {engine['ApiVersion']}",
        }

    def step(self, name: str, body: Callable[[], str]) -> bool:
        """Run one step and keep its result; return whether it passed."""
        print(f"{name} …", flush=True)
        begin = time.monotonic()
        try:
            found, failed = body(), False
        except APIError as error:
            found, failed = error.explanation or str(error), True
        except (AssertionError, DockerException, OSError, ValueError) as error:
            found, failed = str(error) or type(error).__name__, True
        self.steps.append(Step(name, time.monotonic() - begin, found, failed))
        return not failed

    def pull(self, name: str, reference: str) -> str:
        """Pull one image; return its size."""
        repository, _, tag = reference.rpartition(":")
        image = connect().images.pull(repository, tag=tag)
        self.facts[f"image {name}"] = ", ".join(image.attrs["RepoDigests"]) or reference
        return f"{image.attrs['Size'] / MIB:.0f} MiB"

    def gateway(self, project: Project) -> None:
        """Start the stack, try it, and learn what runs."""
        self.facts["Pulumi"] = project.run(("pulumi", "version")).output.strip()
        if not self.step("up", lambda: f"{project.up().seconds:.0f} s"):
            return
        self.secrets |= secrets_of(json.loads(project.must("stack", "export", "--show-secrets").output))
        self.step("every part is healthy", lambda: project.must_ops("health").splitlines()[-1])
        self.step("every model answers", lambda: project.must_ops("models").splitlines()[-1])
        self.step("nothing changed", lambda: f"{project.expect_no_changes().seconds:.0f} s")
        self.step("an update loses no request", lambda: update(project))
        self.step("images can be locked to digests", lambda: project.must_ops("lock").splitlines()[-1])
        for container in project.containers():
            if container.status == "running":
                self.facts[container.labels["gateway.workload"]] = observed(container)


def observed(container: Container) -> str:
    """Return what runs in a container, the memory that it uses, and how often it was restarted."""
    command = VERSION_COMMANDS.get(container.labels["gateway.workload"])
    version = run(container, "sh", "-c", command)[1].partition("\n")[0] if command else ""
    used: Any = container.stats(stream=False)
    memory = used["memory_stats"].get("usage", 0) // MIB
    return f"{version} ({memory} MiB, {container.attrs['RestartCount']} restarts)".strip()


def update(project: Project) -> str:
    """Change a setting while a caller asks; return how many requests were answered.

    Raises:
        ValueError: when one failed.
    """
    project.change("gateway:litellm.config.cooldown_time", 61)
    with Caller(project.output("proxy_url"), project.output("master_key"), MODEL) as caller:
        project.up()
    if caller.failures:
        raise ValueError(f"{len(caller.failures)} of {len(caller.results)} requests failed")
    return f"{len(caller.results)} requests, none failed"


def secrets_of(state: dict[str, Any]) -> set[str]:
    """Return the passwords and keys of a stack, from its state in clear."""
    made = [each["outputs"] for each in state["deployment"]["resources"] if "randomPassword" in each["type"]]
    return {str(value["plaintext"]).strip('"') if isinstance(value, dict) else str(value) for value in
            (outputs.get("result", "") for outputs in made)}  # fmt: skip


def main(file: Path) -> int:
    """Run the check and write its report; return the exit code."""
    check = Check()
    for name, reference in REFERENCES.items():
        if not check.step(f"pull {name}", partial(check.pull, name, reference)):
            reason = check.steps[-1].found.strip().splitlines()[-1]
            print(f"{reference} cannot be pulled, so nothing was checked: {reason}", file=sys.stderr)
            return 1
    os.environ[SOURCE_VARIABLE] = ImageSource.OFFICIAL.value
    config = development() | {"gateway:monitoring": {"enabled": True}}
    with tempfile.TemporaryDirectory(prefix="check-official-") as folder, exclusive(STACK):
        project = Project(Path(folder), STACK, config)
        try:
            check.gateway(project)
            check.step("down", lambda: f"{project.must('destroy', '--yes', '--skip-preview').seconds:.0f} s")
        finally:
            remove(STACK)
    file.write_text(report(check.steps, check.facts, check.secrets))
    print(f"the report is {file}: please send it; it holds no secret")
    return int(any(step.failed for step in check.steps))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
