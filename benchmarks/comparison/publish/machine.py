"""What a run was measured on: the machine, the versions, and the project's commit."""

import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.samples import Run
from benchmarks.tools import Tool
from bootstrap.project import ROOT
from components.engine.connection.client import connect
from components.images.source import image_reference, resolve_source

WRITTEN = (":!benchmarks/report", ":!README.md")
"""What a run writes, as git's pathspecs that leave it out."""
IMAGES = ("litellm", "postgres", "redis", "haproxy")
LOAD, COMPOSE = "load", "Docker Compose"
"""Names of the tools of comparisons."""


def run_of(effort: Effort) -> Run:
    """Return what has to stay the same while rounds are collected."""
    # The report that a run writes is no change of what is measured.
    changed = "+" if _git("status", "--porcelain", "--untracked-files=no", "--", ".", *WRITTEN) else ""
    commit = f"{_git('rev-parse', '--short=12', 'HEAD')}{changed}"
    machine = f"{_processors()}, {_memory_gib():.0f} GiB memory, Linux {platform.release()}"
    return Run(effort.value, commit, machine, versions())


def versions() -> dict[str, str]:
    """Return the versions of what runs on this machine and of the tools of comparisons, by name."""
    source = resolve_source()
    return {
        "engine": f"Docker {connect().version()['Version']}",
        **{f"image of {name}": image_reference(name, source) for name in IMAGES},
        "Pulumi": _output("pulumi", "version"),
        "Python": platform.python_version(),
        LOAD: f"vegeta {module_version(Tool.VEGETA)}",
        COMPOSE: module_version(Tool.COMPOSE),
    }


def about(run: Run) -> Mapping[str, str]:
    """Return the machine, the versions and the commit, as reports list them."""
    return {"machine": run.machine, **run.versions, "commit": run.commit}


def without_tools(run: Run) -> Mapping[str, str]:
    """Return the same for a report in which nothing is compared."""
    return {name: value for name, value in about(run).items() if name not in (LOAD, COMPOSE)}


def module_version(tool: Tool) -> str:
    """Return the version that the tool's Go module asks for: a program built from a module cannot say its own."""
    text = (ROOT / "benchmarks" / "go" / tool.name.lower() / "go.mod").read_text()
    wanted = (line.split() for line in text.splitlines() if line.startswith("\t"))
    return next(words[1] for words in wanted if tool.value.startswith(words[0]))


def _processors() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} × {model}"


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _git(*arguments: str) -> str:
    return _output("git", "-C", str(ROOT), *arguments)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
