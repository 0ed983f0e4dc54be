"""What only stacks with `engine: kubernetes` need: Python packages and a plugin (`bootstrap/run --kubernetes`)."""

import hashlib
from dataclasses import dataclass

from bootstrap.execution.record import Record
from bootstrap.execution.shell import Command
from bootstrap.execution.step import Action, Lane, Step
from bootstrap.project import KUBERNETES_GO_MODULE, PULUMI_HOME, ROOT, VENV
from bootstrap.steps.pulumi import BIN, HOME, STAMPS
from bootstrap.versions import KUBERNETES_PLUGIN

REQUIREMENTS = ROOT / "requirements-kubernetes.txt"
PACKAGES_STAMP = VENV / "requirements-kubernetes.sha256"
PLUGIN_STAMP = STAMPS / "kubernetes"
PLUGIN = PULUMI_HOME / "plugins" / f"resource-kubernetes-v{KUBERNETES_PLUGIN}"


@dataclass(frozen=True)
class Installed:
    """What is installed as it is pinned."""

    packages: bool
    plugin: bool


@dataclass(frozen=True)
class BuiltPlugin:
    """A plugin that is built here."""

    build: tuple[Action, ...]
    file: str
    """Where it is then."""


def observe() -> Installed:
    """Look what is installed."""
    packages = PACKAGES_STAMP.is_file() and PACKAGES_STAMP.read_text() == packages_pin()
    plugin = PLUGIN.is_dir() and PLUGIN_STAMP.is_file() and PLUGIN_STAMP.read_text() == plugin_pin()
    return Installed(packages, plugin)


def packages_pin() -> str:
    """Return a digest of the locked packages."""
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def plugin_pin() -> str:
    """Return a digest of all that decides what the plugin is."""
    digest = hashlib.sha256(KUBERNETES_PLUGIN.encode())
    for file in sorted(file for file in KUBERNETES_GO_MODULE.rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def kubernetes_steps(installed: Installed, built: BuiltPlugin | None) -> list[Step]:
    """Return the steps for what is missing. Pulumi itself comes before them.

    Args:
        installed: what is there.
        built: how the plugin is built; None: it comes from Pulumi's site.
    """
    steps = []
    if not installed.packages:
        pip = (".venv/bin/python", "-m", "pip", "install", "--disable-pip-version-check", "-q", "--require-hashes")
        actions = (Command((*pip, "-r", REQUIREMENTS.name)), Record(packages_pin(), (PACKAGES_STAMP,)))
        steps.append(Step("kubernetes-packages", f"{REQUIREMENTS.name} is not installed", Lane.DOCKER, actions))
    if not installed.plugin:
        file = ("--file", built.file) if built else ()
        install = Command(
            (f"{BIN}/pulumi", "plugin", "install", "resource", "kubernetes", KUBERNETES_PLUGIN, *file, "--reinstall"),
            HOME,
        )
        record = Record(plugin_pin(), (PLUGIN_STAMP,))
        reason = f"Pulumi's kubernetes plugin {KUBERNETES_PLUGIN} is missing"
        reason += "; its download site does not answer" if built else "; its download site answers"
        actions_of_plugin = (*(built.build if built else ()), install, record)
        steps.append(Step("pulumi-kubernetes", reason, Lane.PULUMI, actions_of_plugin))
    return steps
