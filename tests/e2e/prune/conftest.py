"""A gateway like dev's on an engine of its own, which the tests may prune."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from components.images.source import image_reference, resolve_source
from components.stack.parts import image_names
from ops.stack.config_file import settings_without_secrets
from testbed.configuration import development
from testbed.gateway import running
from testbed.own_engine import copy_images, own_engine
from testbed.project import Project

MACHINE_ENGINE = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")


def configuration() -> dict[str, Any]:
    """Return dev's configuration, made so that an edge is soon replaced."""
    config = development()
    config["gateway:edge"]["keepalive_timeout"] = 5
    return config


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The engine's address."""
    with own_engine(tmp_path_factory.mktemp("prune-engine")) as engine:
        yield engine


@pytest.fixture(scope="package")
def gateway(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The running gateway."""
    project = Project(tmp_path_factory.mktemp("prune"), "prune", configuration())
    settings = settings_without_secrets(project.config_file.read_text())
    references = [image_reference(name, resolve_source()) for name in image_names(settings)]
    copy_images(references, MACHINE_ENGINE, engine)
    with running(project) as gateway:
        yield gateway
