"""What is loaded is kept out of garbage collections, and loading is not held up by any."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from components.litellm.worker.load import load

LOAD = Path(__file__).parents[5] / "components" / "litellm" / "worker" / "load.py"
PROXY_SERVER = """
import gc
meanwhile = gc.isenabled()
loaded = [[number] for number in range(1000)]
"""
PACKAGE = """
import gc, sys

def run_server():
    from litellm.proxy import proxy_server
    frozen = gc.get_freeze_count() > len(proxy_server.loaded)
    print(sys.argv[1:], proxy_server.meanwhile, gc.isenabled(), frozen)
    sys.exit(7)
"""


def test_command_runs_with_what_is_loaded_kept_out_of_collections(tmp_path: Path) -> None:
    proxy = tmp_path / "litellm" / "proxy"
    proxy.mkdir(parents=True)
    (tmp_path / "litellm" / "__init__.py").write_text(PACKAGE)
    (proxy / "proxy_server.py").write_text(PROXY_SERVER)
    ended = subprocess.run(
        [sys.executable, LOAD, "--port", "4000"],
        check=False, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}, timeout=60,
    )  # fmt: skip
    assert (ended.stdout, ended.returncode) == ("['--port', '4000'] False True True\n", 7), ended.stderr


@pytest.mark.usefixtures("collections")
def test_garbage_is_collected_again_when_loading_fails() -> None:
    with pytest.raises(ModuleNotFoundError):
        load("litellm_that_is_not_installed")
    assert gc.isenabled()
