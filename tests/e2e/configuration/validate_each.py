"""Runs LiteLLM's `--validate_config` for each folder below the current one. Run in LiteLLM's image.

LiteLLM is imported once, which takes longest; each configuration is validated in a process of its own.
"""

import json
import os
import sys
import traceback
from pathlib import Path

from litellm.proxy.proxy_cli import run_server


def validate(folder: Path) -> int:
    """Validate one configuration as `litellm` does; return the exit code."""
    os.environ.update(json.loads((folder / "environment.json").read_text()))
    try:
        run_server.main(["--validate_config", "--config", str(folder / "config.yaml")])
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001 - as a process of its own would end
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Print each configuration's name, exit code and output as one line of JSON."""
    for folder in sorted(path for path in Path.cwd().iterdir() if path.is_dir()):
        log = Path("/tmp") / folder.name  # noqa: S108 - inside the container
        child = os.fork()
        if not child:
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT)
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            code = validate(folder)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        result = {"name": folder.name, "code": os.waitstatus_to_exitcode(status), "output": log.read_text()}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
