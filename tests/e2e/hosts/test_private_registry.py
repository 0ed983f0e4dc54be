"""Images of a private registry are pulled with the credentials of `docker login`, before anything is created."""

import base64
import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from testbed.configuration import development
from testbed.engine_lock import exclusive, remove
from testbed.project import Project
from tests.e2e.hosts.conftest import NETWORKS
from tests.e2e.updates.image_registry import image_registry

NAME, PASSWORD = "puller", "open"
USERS = f"{NAME}:$2b$05$/Im8fQgu5hAUTVrWbgwNIuW3t.0sxNKDsXeRDNr3AArDQHjMqMhKa\n"
"""The hash is of PASSWORD."""


@pytest.fixture
def image(tmp_path: Path) -> Iterator[str]:
    """An image that only the registry has."""
    engine = docker.from_env()
    with image_registry(tmp_path, USERS) as address:
        reference = f"{address}/private/redis:1.0.0"
        built, _ = engine.images.build(fileobj=io.BytesIO(b"FROM scratch\nLABEL gateway.test=private\n"), rm=True)
        built.tag(reference)
        pushed = engine.images.push(reference, auth_config={"username": NAME, "password": PASSWORD})
        assert "error" not in pushed, pushed
        engine.images.remove(reference)
        yield reference
        with contextlib.suppress(docker.errors.ImageNotFound):
            engine.images.remove(reference)


@pytest.fixture
def project(tmp_path: Path, image: str) -> Iterator[Project]:
    """A stack that needs the image."""
    created = Project(tmp_path / "project", "hosts-registry", development() | {"gateway:images": {"redis": image}})
    with exclusive(created.stack):
        yield created
        remove(created.stack)


def logged_in(folder: Path, image: str) -> dict[str, str]:
    """Return an environment in which `docker login` was run."""
    folder.mkdir()
    credentials = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {image.partition("/")[0]: {"auth": credentials}}}))
    return {"DOCKER_CONFIG": str(folder)}


def test_an_update_is_refused_without_credentials_and_pulls_with_them(
    project: Project, image: str, tmp_path: Path
) -> None:
    engine = docker.from_env()
    assert f"images to pull: {image}" in project.must("preview").output

    nobody = {"DOCKER_CONFIG": str(tmp_path / "nobody")}
    refused = project.pulumi("up", "--yes", "--skip-preview", environment=nobody)
    assert refused.exit_code != 0
    assert f"image {image}: its registry wants credentials: `docker login`" in refused.output
    assert engine.networks.list(filters={"label": f"gateway.stack={project.stack}"}) == []
    with pytest.raises(docker.errors.ImageNotFound):
        engine.images.get(image)

    doctor = project.ops("doctor", project.stack, environment=nobody)
    assert f"image {image}: its registry wants credentials: `docker login`" in doctor.output

    environment = logged_in(tmp_path / "docker", image)
    updated = project.pulumi("up", "--yes", "--skip-preview", *NETWORKS, environment=environment)
    assert updated.exit_code == 0, updated.output
    assert f"image {image}: is pulled" in updated.output
    assert engine.images.get(image).labels == {"gateway.test": "private"}
    project.must("destroy", "--yes", "--skip-preview")


def test_an_image_that_the_registry_lacks_is_named(project: Project, image: str, tmp_path: Path) -> None:
    project.change("gateway:images.redis", f"{image}-gone")
    refused = project.pulumi("up", "--yes", "--skip-preview", environment=logged_in(tmp_path / "docker", image))
    assert f"image {image}-gone: its registry has no such image: correct its name in images" in refused.output
    assert "Traceback" not in refused.output
