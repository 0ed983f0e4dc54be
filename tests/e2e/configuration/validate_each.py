"""Runs the program of the validation job for each folder below the current one. Run in LiteLLM's image.

LiteLLM is imported once, which takes longest; each configuration is validated in a process of its own.
"""

import json
import os
import sys
import traceback
from pathlib import Path

from litellm.proxy import proxy_server


def validate(program: str, folder: Path) -> None:
    """Validate one configuration as an update does; the program ends the process."""
    os.environ.update(json.loads((folder / "environment.json").read_text()))
    sys.argv = [program, str(folder / "config.yaml")]
    exec(program, {"__name__": "__main__"})  # noqa: S102 - the project's own


def main(program: str) -> None:
    """Print each configuration's name, exit code and output as one line of JSON."""
    assert proxy_server.ProxyConfig
    for folder in sorted(path for path in Path.cwd().iterdir() if path.is_dir()):
        log = Path("/tmp") / folder.name  # noqa: S108 - inside the container
        child = os.fork()
        if not child:
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT)
            os.dup2(descriptor, 1)
            os.dup2(descriptor, 2)
            try:
                validate(program, folder)
            except BaseException:  # noqa: BLE001 - as a process of its own would end
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(2)
        _, status = os.waitpid(child, 0)
        result = {"name": folder.name, "code": os.waitstatus_to_exitcode(status), "output": log.read_text()}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
