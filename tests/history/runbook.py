"""The commands of docs/runbook.md, run as they are written on a stack of the tests."""

import os
import re
import subprocess
import textwrap

from testbed.project import COMMAND_TIMEOUT, SOURCE, Project

PAGES = (SOURCE / "docs" / "runbook.md").read_text()
HERE = {r"\bprod\b": "{stack}", r"\.cache/state": "state", r"\.passphrase": "passphrase", r"(?m)^ *source \.envrc$": ""}
"""What has another place in a copy of the project, whose environment the tests have set already."""
GIT = {f"GIT_{who}_{what}": "runbook@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def blocks(heading: str) -> list[str]:
    """Return the commands of one section, block by block."""
    (page,) = re.findall(rf"(?ms)^## {re.escape(heading)}$(.*?)(?=^## |\Z)", PAGES)
    found: list[str] = re.findall(r"(?ms)^ *```sh$(.*?)^ *```$", page)
    return [textwrap.dedent(block) for block in found]


def run(gateway: Project, block: str, typed: str = "", **here: str) -> str:
    """Run a block with its placeholders replaced and with this standard input; it has to succeed."""
    for wanted, given in {**HERE, **here}.items():
        block = re.sub(wanted, lambda _, text=given: text.format(stack=gateway.stack), block)  # type: ignore[misc]
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=gateway.folder, env=os.environ | gateway.environment | GIT, input=typed, text=True, timeout=COMMAND_TIMEOUT,
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert ended.returncode == 0, f"{block}\n{ended.stdout}"
    return ended.stdout


def salt_key(gateway: Project) -> str:
    """Return the salt key that the replica has."""
    (found,) = re.findall(r"LITELLM_SALT_KEY=(\S+)", gateway.file("litellm-1", "/run/secrets/environment").decode())
    return str(found)
