"""A hardened gateway for all rows of docs/hardening.md, and one without the hardening to compare with."""

from collections.abc import Iterator
from pathlib import Path

import docker
import httpx
import pytest
from docker.models.containers import Container

from testbed.engine_lock import exclusive, remove
from testbed.gateway import admin, running
from testbed.project import Project
from testbed.wait import wait_until
from tests.hardening.configuration import baseline, hardened

AGED = """insert into "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime")
    select 'aged-' || days, 'acompletion', now() - days * interval '1 day', now() - days * interval '1 day'
    from unnest(array[29, 31]) as days"""
"""A spend log within its retention and one past it. The cleanup runs every minute while other rows are proved."""
RECEIVER = Path(__file__).with_name("webhook_receiver.py")
TIMEOUT_SECONDS = 120
"""For one request: some wait for retries or for a worker that restarts."""


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The hardened gateway."""
    project = Project(tmp_path_factory.mktemp("hardening"), "hardening", hardened())
    with exclusive(project.stack):
        try:
            project.set_secret("gateway:slack_webhook_url", "http://webhook:8099/alerts")
            print(f"\nhardening was up after {project.up().seconds:.1f} s")
            project.sql(AGED)
            yield project
        finally:
            # Pulumi would refuse: the stack is protected.
            remove(project.stack)


@pytest.fixture(scope="package")
def unhardened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The gateway without the hardening."""
    with running(Project(tmp_path_factory.mktemp("unhardened"), "unhardened", baseline())) as project:
        yield project


@pytest.fixture(scope="module")
def proxy(gateway: Project) -> Iterator[httpx.Client]:
    """A client of the hardened proxy that holds the master key."""
    with admin(gateway, TIMEOUT_SECONDS) as client:
        yield client


@pytest.fixture(scope="module")
def webhook(gateway: Project) -> Iterator[Container]:
    """A receiver of alerts on the front network, in the place of Slack. It prints each message that it gets."""
    (network,) = gateway.container("provider").attrs["NetworkSettings"]["Networks"]
    receiver = docker.from_env().containers.create(
        gateway.container("litellm-1").attrs["Image"],
        [RECEIVER.read_text()],
        entrypoint=["python3", "-uc"],
        labels={"gateway.stack": gateway.stack, "gateway.workload": "webhook"},
        user="65534",
        network=network,
    )
    joined = docker.from_env().networks.get(network)
    joined.disconnect(receiver)
    joined.connect(receiver, aliases=["webhook"])
    receiver.start()
    try:
        # LiteLLM sends an alert once.
        wait_until(lambda: b"listening" in receiver.logs(), 60)
        yield receiver
    finally:
        receiver.remove(force=True)
