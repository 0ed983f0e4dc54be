"""What is loaded is kept out of garbage collections, and the codec of LiteLLM's thread is loaded."""

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
STARTING = """
import sys

def run_server():
    print("encodings.ascii" in sys.modules)
"""


def loaded(folder: Path, package: str) -> subprocess.CompletedProcess[str]:
    """Run the program with this package in LiteLLM's place."""
    proxy = folder / "litellm" / "proxy"
    proxy.mkdir(parents=True)
    (folder / "litellm" / "__init__.py").write_text(package)
    (proxy / "proxy_server.py").write_text(PROXY_SERVER)
    return subprocess.run(
        [sys.executable, LOAD, "--port", "4000"],
        check=False, capture_output=True, text=True, env={"PYTHONPATH": str(folder)}, timeout=60,
    )  # fmt: skip


def test_command_runs_with_what_is_loaded_kept_out_of_collections(tmp_path: Path) -> None:
    ended = loaded(tmp_path, PACKAGE)
    assert (ended.stdout, ended.returncode) == ("['--port', '4000'] False True True\n", 7), ended.stderr


def test_codec_that_litellm_s_thread_reads_with_is_loaded_before_workers_are_forked(tmp_path: Path) -> None:
    ended = loaded(tmp_path, STARTING)
    assert ended.stdout == "True\n", ended.stderr


@pytest.mark.usefixtures("collections")
def test_garbage_is_collected_again_when_loading_fails() -> None:
    with pytest.raises(ModuleNotFoundError):
        load("litellm_that_is_not_installed")
    assert gc.isenabled()
