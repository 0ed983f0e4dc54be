"""Python and Pulumi use the engine that Docker's context names, or refuse one that is on another machine."""

import hashlib
import io
import json
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import docker
import pytest

from components.engine.workload import Network
from components.stack import parts
from components.stack.settings import Settings
from testbed.configuration import development, edge_ports
from testbed.engine_lock import exclusive, remove
from testbed.project import Project
from tests.e2e.hosts.conftest import NETWORKS
from tests.e2e.hosts.second_engine import SecondEngine, second_engine


@pytest.fixture(scope="module")
def engine(root: None) -> Iterator[SecondEngine]:
    """The other engine. A socket's path is short."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-", dir="/var/tmp"))
    try:
        with second_engine(folder) as engine:
            yield engine
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A stack that was never up."""
    created = Project(tmp_path_factory.mktemp("context"), "hosts-context", development())
    with exclusive(created.stack):
        yield created
        remove(created.stack)


def context(folder: Path, host: str) -> dict[str, str]:
    """Return an environment whose current context names an engine."""
    meta = folder / "contexts" / "meta" / hashlib.sha256(b"other").hexdigest() / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": "other", "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}))
    (folder / "config.json").write_text(json.dumps({"currentContext": "other"}))
    return {"DOCKER_CONFIG": str(folder), "DOCKER_HOST": ""}


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory, engine: SecondEngine) -> dict[str, str]:
    """An environment whose context names the other engine."""
    return context(tmp_path_factory.mktemp("docker"), engine.host)


def stack_networks(client: docker.DockerClient, project: Project) -> int:
    return len(client.networks.list(filters={"label": f"gateway.stack={project.stack}"}))


def test_the_program_asks_the_engine_of_the_context(project: Project, chosen: Mapping[str, str]) -> None:
    refused = project.pulumi("preview", environment=chosen)
    assert refused.exit_code != 0
    assert "localhost/gateway/litellm:" in refused.output
    assert "not built on this engine" in refused.output
    project.must("preview")


def test_bootstrap_asks_the_engine_of_the_context(project: Project, chosen: Mapping[str, str]) -> None:
    command = (sys.executable, "-m", "bootstrap", "--plan")
    assert "image-litellm" in project.run(command, environment=chosen).output
    assert "image-litellm" not in project.run(command).output


def test_pulumi_creates_on_the_engine_of_the_context_and_removes_from_it_whatever_the_context_is_then(
    project: Project, engine: SecondEngine, chosen: Mapping[str, str]
) -> None:
    give_images(engine)
    updated = project.pulumi("up", "--yes", "--skip-preview", *NETWORKS, environment=chosen)
    assert updated.exit_code == 0, updated.output
    assert stack_networks(engine.client, project) == len(Network)
    assert stack_networks(docker.from_env(), project) == 0

    project.must("destroy", "--yes", "--skip-preview")
    assert stack_networks(engine.client, project) == 0


def test_an_update_on_an_engine_that_has_nothing_of_the_stack_is_refused(
    owned_by_root: Project, chosen: Mapping[str, str]
) -> None:
    refused = owned_by_root.ops("up", owned_by_root.stack, environment=chosen)
    assert refused.exit_code != 0
    assert f"none of {owned_by_root.stack}'s" in refused.output
    assert "choose the one that has them (`docker context use`)" in refused.output


def test_pulumi_refuses_an_engine_that_has_nothing_of_the_stack(
    owned_by_root: Project, engine: SecondEngine, chosen: Mapping[str, str]
) -> None:
    give_images(engine)
    before = owned_by_root.config_file.read_text()
    # Its own ports are in use, which would be said first.
    for name, port in edge_ports().items():
        owned_by_root.change(f"gateway:edge.{name}", port)
    try:
        for command in (("preview",), ("up", "--yes")):
            refused = owned_by_root.pulumi(*command, environment=chosen)
            assert refused.exit_code != 0
            assert "-network-" in refused.output, refused.output
            assert "choose the one that has it (`docker context use`)" in refused.output
    finally:
        owned_by_root.config_file.write_text(before)
    owned_by_root.expect_no_changes()
    assert stack_networks(engine.client, owned_by_root) == 0


def give_images(engine: SecondEngine) -> None:
    """Give the engine an empty image under the name of each that the stack runs."""
    settings = Settings.model_validate({"images": {"source": "built"}})
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as files:
        files.addfile(tarfile.TarInfo("empty"))
    (first, *others) = [settings.images.reference(name) for name in parts.image_names(settings)]
    repository, _, tag = first.rpartition(":")
    engine.client.api.import_image_from_data(archive.getvalue(), repository=repository, tag=tag)
    for reference in others:
        engine.client.images.get(first).tag(*reference.rsplit(":", 1))


@pytest.mark.parametrize(
    ("named_by", "host"), [("DOCKER_HOST", "ssh://deploy@198.51.100.7"), ("context", "tcp://198.51.100.7:2376")]
)
def test_an_engine_on_another_machine_is_refused_in_one_sentence(
    project: Project, tmp_path: Path, host: str, named_by: str
) -> None:
    environment = {"DOCKER_HOST": host} if named_by == "DOCKER_HOST" else context(tmp_path, host)
    sentence = f"{host} is not a socket of this machine, unix:///…; run the project on the engine's own machine"
    for result in (
        project.pulumi("preview", environment=environment),
        project.ops("doctor", environment=environment),
        project.ops("drift", project.stack, environment=environment),
        project.run((sys.executable, "-m", "bootstrap", "--plan"), environment=environment),
    ):
        assert result.exit_code != 0
        assert sentence in result.output
        assert "Traceback" not in result.output
