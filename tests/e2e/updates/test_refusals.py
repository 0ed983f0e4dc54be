"""Bad input is refused in one sentence that names the setting or the remedy, before anything is created."""

import socket
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from testbed.configuration import development
from testbed.engine_lock import remove
from testbed.project import Project

BAD_SETTINGS = {
    "unknown key": ("gateway:litelm", {"replicas": 2}, "litelm: is not a setting; did you mean litellm?"),
    "misspelt key": ("gateway:litellm.replica", 2, "litellm.replica: is not a setting; did you mean replicas?"),
    "wrong type": ("gateway:litellm.replicas", "two", "litellm.replicas: should be a whole number, not 'two'"),
    "out of range": ("gateway:edge.proxy_port", 70000, "edge.proxy_port: should be at most 65535, not 70000"),
    "known-bad release": (
        "gateway:images.litellm", "ghcr.io/berriai/litellm:v1.82.7",
        "images.litellm: LiteLLM 1.82.7 must not run: it steals credentials",
    ),
    "tag that moves": (
        "gateway:images", {"pinning": "version", "litellm": "ghcr.io/berriai/litellm:main-stable"},
        "images.litellm: ghcr.io/berriai/litellm:main-stable is on a tag that moves; name a full version",
    ),
    "old name": ("gateway:redis.memory", 512, "redis.memory: is an old name; write memory_mib"),
    "key in clear": ("gateway:provider_keys.OLLAMA_API_KEY", "visible", "provider_keys: stands in clear"),
}  # fmt: skip


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A stack that was never up."""
    return Project(tmp_path_factory.mktemp("refused"), "refused", development())


@pytest.fixture
def project(created: Project) -> Iterator[Project]:
    """The stack; afterwards it has its configuration back, and whatever a test created all the same is removed."""
    before = created.config_file.read_text()
    yield created
    created.config_file.write_text(before)
    remove(created.stack)


def refused(project: Project, **environment: str) -> str:
    """Run an update that has to be refused; return its output."""
    result = project.pulumi("up", "--yes", "--skip-preview", environment=environment)
    assert result.exit_code != 0, result.output
    assert "Traceback" not in result.output
    filters: dict[str, str | list[str] | bool] = {"label": [f"gateway.stack={project.stack}"]}
    engine = docker.from_env()
    assert engine.containers.list(all=True, filters=filters) == []
    assert engine.networks.list(filters=filters) == []
    return result.output


@pytest.mark.parametrize("case", BAD_SETTINGS)
def test_a_bad_setting_is_named_by_its_path(project: Project, case: str) -> None:
    path, value, sentence = BAD_SETTINGS[case]
    project.change(path, value)
    output = refused(project)
    assert f"error: {sentence}" in output
    assert "visible" not in output


def test_a_taken_port_is_named_with_its_holder(project: Project) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        project.change("gateway:edge.proxy_port", port)
        assert f"edge.proxy_port: port {port} is taken by a process on this host" in refused(project)


def test_an_absent_engine_is_named_with_the_remedy(project: Project, tmp_path: Path) -> None:
    output = refused(project, DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert "Docker: no engine answers; start it" in output


def test_a_wrong_passphrase_is_refused(project: Project) -> None:
    assert "incorrect passphrase" in refused(project, PULUMI_CONFIG_PASSPHRASE="not the one")


def test_a_missing_passphrase_is_refused_with_the_variable_to_set(project: Project) -> None:
    assert "PULUMI_CONFIG_PASSPHRASE" in refused(project, PULUMI_CONFIG_PASSPHRASE_FILE="")


def test_an_image_that_was_not_built_is_named(project: Project) -> None:
    project.change("gateway:images.litellm", "localhost/gateway/litellm:1.108.7-00000000")
    assert "image localhost/gateway/litellm:1.108.7-00000000: not built on this engine" in refused(project)


def test_a_model_without_its_key_is_warned_of_with_both_names(project: Project) -> None:
    project.change("gateway:mock_provider.enabled", False)  # noqa: FBT003
    remedy = "`pulumi config set --secret --path 'gateway:provider_keys.VOYAGE_API_KEY'`"
    assert f"model voyage-3 has no key: {remedy}" in project.must("preview").output
