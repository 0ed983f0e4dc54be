"""Images of a real registry are locked to their digests, and run by digest."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.models.images import Image

from components.images.source import image_reference, resolve_source
from testbed.configuration import development
from testbed.project import Project
from tests.e2e.updates.image_registry import image_registry

PARTS = {"postgres": "15.19", "redis": "7.2.16", "haproxy": "3.2.25", "litellm": "v1.108.14"}
DIGEST = re.compile(r"@(sha256:[0-9a-f]{64})$")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry; its images are removed from the engine at the end."""
    engine = docker.from_env()
    with image_registry(tmp_path_factory.mktemp("registry")) as address:
        try:
            yield address
        finally:
            for image in engine.images.list():
                for name in [*image.tags, *image.attrs.get("RepoDigests", [])]:
                    # An image that loses its last tag loses its digests too.
                    with contextlib.suppress(docker.errors.ImageNotFound):
                        if name.startswith(address):
                            engine.images.remove(name)


def labelled_image(word: str) -> Image:
    """Build an empty image with a label."""
    recipe = f"FROM scratch\nLABEL gateway.test={word}\n"
    image, _ = docker.from_env().images.build(fileobj=io.BytesIO(recipe.encode()), rm=True)
    return image


def push(image: Image, reference: str) -> str:
    """Push an image under a name; return its digest in the registry."""
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
    """A stack that needs digests and has none yet. All of its tags are in the registry."""
    references = {name: f"{registry}/{tmp_path.name}/{name}:{tag}" for name, tag in PARTS.items()}
    for name, reference in references.items():
        push(labelled_image(name), reference)
    return Project(tmp_path, "locked", development() | {"gateway:images": {"pinning": "digest", **references}})


def images(project: Project) -> dict[str, str]:
    """Return the references in the stack's file by part."""
    return {name: reference for name, reference in project.config["gateway:images"].items() if name != "pinning"}


def test_a_lock_writes_digests_that_the_engine_pulls(project: Project) -> None:
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


def test_a_moved_tag_fails_the_check_and_is_locked_again(project: Project) -> None:
    assert project.ops("lock", "locked").exit_code == 0
    before = images(project)
    tag = before["redis"].partition("@")[0]
    moved = push(labelled_image("another"), tag)
    check = project.ops("lock", "locked", "--check")
    assert check.exit_code == 1
    assert "error: locked: not locked as the registries say: redis names another image now; run" in check.output
    assert images(project) == before
    again = project.ops("lock", "locked")
    assert moved[:19] in again.output
    assert images(project) == before | {"redis": f"{tag}@{moved}"}


def test_a_missing_digest_fails_the_check(project: Project) -> None:
    check = project.ops("lock", "locked", "--check")
    assert check.exit_code == 1
    for name in PARTS:
        assert f"{name} has no digest" in check.output


def test_an_unknown_tag_is_named_and_nothing_is_written(project: Project, registry: str) -> None:
    project.change("gateway:images.redis", f"{registry}/nobody/redis:7.2.16")
    before = project.config_file.read_text()
    locked = project.ops("lock", "locked")
    assert locked.exit_code == 1
    assert f"error: images.redis: {registry}/nobody/redis:7.2.16: its registry gave no digest: " in locked.output
    assert "Traceback" not in locked.output
    assert project.config_file.read_text() == before


def test_a_locked_image_runs_on_after_its_tag_has_moved(gateway: Project, registry: str, restored: None) -> None:
    engine = docker.from_env()
    tag = f"{registry}/running/redis:7.0.15"
    digest = push(engine.images.get(image_reference("redis", resolve_source())), tag)
    gateway.change("gateway:images", {"redis": tag})
    gateway.must_ops("lock")
    assert images(gateway)["redis"] == f"{tag}@{digest}"
    push(labelled_image("moved"), tag)
    engine.images.remove(tag)
    gateway.up()
    redis = gateway.container("redis")
    assert redis.status == "running"
    assert redis.image
    assert f"{tag.rpartition(':')[0]}@{digest}" in redis.image.attrs["RepoDigests"]
    gateway.expect_no_changes()
