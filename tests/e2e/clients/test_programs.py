"""Clients that people use, each asking for a whole answer and for a stream."""

import shutil
import subprocess
import sys
from pathlib import Path

import openai
import pytest

from testbed.completion import MODEL

PROGRAMS = Path(__file__).parent / "programs"
PYTHON_CLIENTS = ("anthropic==2.14.0", "langchain-openai==1.7.4")
NODE_CLIENT = "openai@6.49.0"


def run(*command: str | Path, folder: Path) -> str:
    """Run a command that has to succeed; return its output."""
    ended = subprocess.run(
        command, cwd=folder, timeout=300, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own with the clients; the project's locked requirements have them not."""
    folder = tmp_path_factory.mktemp("python")
    run(sys.executable, "-m", "venv", folder, folder=folder)
    run(folder / "bin" / "pip", "install", "--quiet", *PYTHON_CLIENTS, folder=folder)
    return folder / "bin" / "python"


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_openai_s_python_client_is_answered(url: str, key: str, *, stream: bool) -> None:
    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
        answer = client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "ping"}], stream=stream
        )
        if isinstance(answer, openai.Stream):
            assert len([chunk for chunk in answer if chunk.choices and chunk.choices[0].delta.content]) > 1
        else:
            assert answer.choices[0].message.content


@pytest.mark.parametrize("program", ["anthropic_client.py", "langchain_client.py"])
def test_a_python_client_is_answered(url: str, key: str, python: Path, tmp_path: Path, program: str) -> None:
    assert "answered" in run(python, PROGRAMS / program, url, key, MODEL, folder=tmp_path)


@pytest.mark.skipif(not shutil.which("npm"), reason="no Node is installed")
def test_openai_s_node_client_is_answered_and_so_is_fetch_at_localhost(url: str, key: str, tmp_path: Path) -> None:
    run("npm", "install", "--silent", "--no-audit", "--no-fund", NODE_CLIENT, folder=tmp_path)
    shutil.copy(PROGRAMS / "openai_client.mjs", tmp_path)
    # Node asks the first address that the resolver gives, which may be IPv6's.
    local = url.replace("127.0.0.1", "localhost")
    assert "answered" in run("node", "openai_client.mjs", local, key, MODEL, folder=tmp_path)


@pytest.mark.skipif(not shutil.which("javac"), reason="no JDK is installed")
def test_the_jdk_s_client_is_answered_in_chunks(url: str, key: str, tmp_path: Path) -> None:
    assert "answered" in run("java", PROGRAMS / "JdkClient.java", url, key, MODEL, folder=tmp_path)
