"""The blocks of docs/runbook.md, run as they stand on a stack of the tests."""

import os
import re
import subprocess
import textwrap

from tests.e2e.project import PATIENCE, SOURCE, Project

PAGES = (SOURCE / "docs" / "runbook.md").read_text()
HERE = {r"\bprod\b": "{stack}", r"\.cache/state": "state", r"\.passphrase": "passphrase", r"(?m)^ *source \.envrc$": ""}
"""What is elsewhere in a copy of the project; its environment is that of the tests already."""
GIT = {f"GIT_{who}_{what}": "runbook@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def blocks(heading: str) -> list[str]:
    """Give the commands of one page, block by block."""
    (page,) = re.findall(rf"(?ms)^## {re.escape(heading)}$(.*?)(?=^## |\Z)", PAGES)
    found: list[str] = re.findall(r"(?ms)^ *```sh$(.*?)^ *```$", page)
    return [textwrap.dedent(block) for block in found]


def run(gateway: Project, block: str, typed: str = "", **here: str) -> str:
    """Run a block, with what the page wants replaced and with what is typed; it has to succeed."""
    for wanted, given in {**HERE, **here}.items():
        block = re.sub(wanted, lambda _, text=given: text.format(stack=gateway.stack), block)  # type: ignore[misc]
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=gateway.folder, env=os.environ | gateway.environment | GIT, input=typed, text=True, timeout=PATIENCE,
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert ended.returncode == 0, f"{block}\n{ended.stdout}"
    return ended.stdout
