"""The Go compiler of this machine."""

import os
import re
import shutil
import subprocess

from bootstrap.offline.versions import GO_MINIMUM
from bootstrap.project import VENV


def find_go() -> str | None:
    """Return the path of a Go that compiles bootstrap/offline/go; None when there is none."""
    candidates = [shutil.which("go"), "/usr/local/go/bin/go", str(VENV / "bin" / "go")]
    return next((go for go in candidates if go and go_version(go) >= GO_MINIMUM), None)


def go_version(go: str) -> tuple[int, int]:
    """Return a Go's major and minor version; (0, 0) when it does not start."""
    try:
        text = subprocess.run(
            (go, "env", "GOVERSION"),
            env={**os.environ, "GOTOOLCHAIN": "local"},
            capture_output=True,
            check=False,
            text=True,
        ).stdout
    except OSError:
        return (0, 0)
    found = re.match(r"go(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)
