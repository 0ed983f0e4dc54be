"""Where Docker's data folder is hidden, as with an engine in a virtual machine, its disk is not asked for."""

import sys
from collections.abc import Sequence

import pytest

from testbed.project import CommandResult, Project

FOLDERS = ("/var/lib/docker", "/var/lib")
"""Another folder in its place, or none."""


def hidden(gateway: Project, folder: str, command: Sequence[str]) -> CommandResult:
    """Run a command that finds an empty folder in the place of one."""
    script = f'mount --make-rprivate / && mount -t tmpfs none {folder} && exec "$@"'
    return gateway.run(["unshare", "--mount", "sh", "-c", script, "sh", *command])


@pytest.mark.parametrize("folder", FOLDERS)
def test_preview_shows_no_change(owned_by_root: Project, folder: str) -> None:
    preview = ("pulumi", "preview", "--expect-no-changes", "--stack", owned_by_root.stack, "--non-interactive")
    result = hidden(owned_by_root, folder, preview)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("verb", ["doctor", "drift"])
def test_verb_works(owned_by_root: Project, folder: str, verb: str) -> None:
    result = hidden(owned_by_root, folder, (sys.executable, "-m", "ops", verb, owned_by_root.stack))
    assert "Traceback" not in result.output
    assert "no engine answers" not in result.output
    if verb == "drift":
        assert result.exit_code == 0, result.output
    else:
        assert f"{owned_by_root.stack}: memory: " in result.output
