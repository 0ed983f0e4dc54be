"""Images of a real registry are locked to their digests, and run by them."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
import yaml
from docker.models.images import Image

from components.images.catalog import image_reference, resolve_source
from tests.e2e.conftest import development
from tests.e2e.image_registry import image_registry
from tests.e2e.project import Project

PARTS = {"postgres": "15.19", "redis": "7.2.16", "haproxy": "3.2.25", "litellm": "v1.108.14"}
DIGEST = re.compile(r"@(sha256:[0-9a-f]{64})$")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry; what the engine got from it is removed at the end."""
    engine = docker.from_env()
    with image_registry(tmp_path_factory.mktemp("registry")) as address:
        try:
            yield address
        finally:
            for image in engine.images.list():
                for name in [*image.tags, *image.attrs.get("RepoDigests", [])]:
                    # With its last tag an image loses its digests too.
                    with contextlib.suppress(docker.errors.ImageNotFound):
                        if name.startswith(address):
                            engine.images.remove(name)


def made(word: str) -> Image:
    """Make an image of nothing but a label."""
    recipe = f"FROM scratch\nLABEL gateway.test={word}\n"
    image, _ = docker.from_env().images.build(fileobj=io.BytesIO(recipe.encode()), rm=True)
    return image


def push(image: Image, reference: str) -> str:
    """Push an image under a name and give the digest that the registry knows it by."""
    engine = docker.from_env()
    image.tag(reference)
    engine.images.push(reference)
    (digest,) = (
        name
        for name in engine.images.get(reference).attrs["RepoDigests"]
        if name.startswith(reference.rpartition(":")[0])
    )
    return str(digest.rpartition("@")[2])


@pytest.fixture
def project(tmp_path: Path, registry: str) -> Project:
    """A stack that demands digests and has none yet; each of its tags is in the registry."""
    references = {name: f"{registry}/{tmp_path.name}/{name}:{tag}" for name, tag in PARTS.items()}
    for name, reference in references.items():
        push(made(name), reference)
    return Project(tmp_path, "locked", development() | {"gateway:images": {"pinning": "digest", **references}})


def images(project: Project) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(project.config_file.read_text())["config"]["gateway:images"]
    return {name: reference for name, reference in found.items() if name != "pinning"}


def test_a_lock_writes_what_the_program_demands_and_the_engine_pulls(project: Project) -> None:
    assert "should end with @sha256" in project.pulumi("preview").output
    locked = project.ops("lock", "locked")
    assert locked.exit_code == 0, locked.output
    assert set(images(project)) == set(PARTS)
    assert "should end with @sha256" not in project.must("preview").output
    engine = docker.from_env()
    for name, reference in images(project).items():
        engine.images.remove(reference.partition("@")[0])
        pulled = engine.api.pull(reference)
        assert "digest" in pulled.lower()
        assert engine.images.get(reference).labels["gateway.test"] == name
    assert project.ops("lock", "locked", "--check").exit_code == 0


def test_a_tag_that_moved_is_seen_by_the_check_and_locked_anew(project: Project) -> None:
    assert project.ops("lock", "locked").exit_code == 0
    before = images(project)
    tag = before["redis"].partition("@")[0]
    moved = push(made("another"), tag)
    check = project.ops("lock", "locked", "--check")
    assert check.exit_code == 1
    assert "error: locked: not locked as the registries say: redis names another image now; run" in check.output
    assert images(project) == before
    again = project.ops("lock", "locked")
    assert moved[:19] in again.output
    assert images(project) == before | {"redis": f"{tag}@{moved}"}


def test_a_missing_lock_is_seen_by_the_check(project: Project) -> None:
    check = project.ops("lock", "locked", "--check")
    assert check.exit_code == 1
    for name in PARTS:
        assert f"{name} has no digest" in check.output


def test_a_tag_that_its_registry_does_not_have_is_told_and_nothing_is_written(project: Project, registry: str) -> None:
    project.change("gateway:images.redis", f"{registry}/nobody/redis:7.2.16")
    before = project.config_file.read_text()
    locked = project.ops("lock", "locked")
    assert locked.exit_code == 1
    assert f"error: images.redis: {registry}/nobody/redis:7.2.16: its registry gave no digest: " in locked.output
    assert "Traceback" not in locked.output
    assert project.config_file.read_text() == before


def test_an_image_that_others_moved_the_tag_of_runs_on_by_its_digest(gateway: Project, registry: str) -> None:
    engine = docker.from_env()
    tag = f"{registry}/running/redis:7.0.15"
    digest = push(engine.images.get(image_reference("redis", resolve_source())), tag)
    gateway.change("gateway:images", {"redis": tag})
    try:
        locked = gateway.ops("lock", gateway.stack)
        assert locked.exit_code == 0, locked.output
        assert yaml.safe_load(gateway.config_file.read_text())["config"]["gateway:images"]["redis"] == f"{tag}@{digest}"
        push(made("moved"), tag)
        engine.images.remove(tag)
        gateway.must("up", "--yes", "--skip-preview")
        redis = gateway.container("redis")
        assert redis.status == "running"
        assert f"{tag.rpartition(':')[0]}@{digest}" in redis.image.attrs["RepoDigests"]
        gateway.must("preview", "--expect-no-changes")
    finally:
        gateway.change("gateway:images", {})
        gateway.must("up", "--yes", "--skip-preview")
