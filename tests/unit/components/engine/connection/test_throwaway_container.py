"""The container that runs one program and is removed."""

import io
import tarfile
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer

CONTAINER = ThrowawayContainer(
    "test",
    "question",
    "image",
    "101:102",
    ("ask",),
    {"password": "hush"},
    config={"ca.pem": "certificates"},
    network="bridge",
    host_gateway=True,
)


def engine(status: int = 0, output: bytes = b"answer", **wait: object) -> SimpleNamespace:
    """Return an engine whose container ends with this status."""
    container = Mock()
    container.wait = Mock(return_value={"StatusCode": status}, **wait)
    container.logs = Mock(return_value=output)
    return SimpleNamespace(containers=SimpleNamespace(create=Mock(return_value=container)), container=container)


def test_output_is_returned_and_the_container_is_removed() -> None:
    found = engine()
    assert CONTAINER.run(found) == "answer"  # type: ignore[arg-type]
    found.container.remove.assert_called_once_with(force=True, v=True)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (engine(3, b"no such host\n"), "question failed:\nno such host"),
        (engine(side_effect=TimeoutError()), "question did not end within 900 s"),
    ],
)
def test_failure_is_told_and_the_container_is_removed(found: SimpleNamespace, words: str) -> None:
    with pytest.raises(ProgramFailed) as failed:
        CONTAINER.run(found)  # type: ignore[arg-type]
    assert str(failed.value) == words
    found.container.remove.assert_called_once_with(force=True, v=True)


def test_secrets_are_files_for_its_user_and_never_arguments() -> None:
    found = engine()
    CONTAINER.run(found)  # type: ignore[arg-type]
    created = found.containers.create.call_args
    assert "hush" not in str(created)
    assert created.kwargs["extra_hosts"] == {"host.docker.internal": "host-gateway"}
    ((place, archive),) = [call.args for call in found.container.put_archive.call_args_list]
    assert place == "/"
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = {file.name: (file.mode, file.uid) for file in tar if file.isfile()}
    assert files == {"run/secrets/password": (0o400, 101), "etc/gateway/ca.pem": (0o444, 101)}
