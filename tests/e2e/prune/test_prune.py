"""`docker system prune -af --volumes` between updates: no request fails, and no database restarts."""

import subprocess
from collections.abc import Iterator

import docker
import httpx
import pytest

from components.images.source import image_reference, resolve_source
from testbed.completion import Caller
from testbed.gateway import new_key
from testbed.image import derive
from testbed.own_engine import copy_images
from testbed.project import Project
from tests.e2e.prune.conftest import MACHINE_ENGINE

UPDATES = 10
CHANGES = ("gateway:litellm.config.cooldown_time", "gateway:edge.keepalive_timeout")
"""Settings that are changed in turn: one replaces the replica, the other the edge."""
DATABASES = ("postgres", "redis")
SERVING = (*DATABASES, "ingress", "edge", "backup", "litellm-1")


def prune() -> None:
    """Remove what the engine finds unused: containers that do not run, networks, images, volumes."""
    subprocess.run(
        ["docker", "system", "prune", "--all", "--force", "--volumes"], check=True, capture_output=True, text=True
    )


def starts(gateway: Project, *workloads: str) -> dict[str, str]:
    """Return when each workload's container was started."""
    return {name: str(gateway.container(name).attrs["State"]["StartedAt"]) for name in workloads}


def volumes(gateway: Project) -> set[str]:
    """Return the names of the stack's volumes, without the random end."""
    found = docker.from_env().volumes.list(filters={"label": f"gateway.stack={gateway.stack}"})
    names = [str(volume.name).rpartition("-")[0] for volume in found]
    assert len(names) == len(set(names)), f"an old volume is left: {sorted(names)}"
    return set(names)


@pytest.fixture(scope="module")
def caller(gateway: Project, proxy: httpx.Client) -> Iterator[Caller]:
    """Someone who asks all the time."""
    with Caller(gateway.output("proxy_url"), new_key(proxy, "prune")) as caller:
        yield caller


@pytest.mark.parametrize("number", range(UPDATES))
def test_update_after_a_prune_loses_no_request_and_restarts_no_database(
    gateway: Project, caller: Caller, number: int
) -> None:
    before, asked = starts(gateway, *DATABASES, "ingress"), len(caller.results)
    prune()
    gateway.change(CHANGES[number % len(CHANGES)], 5 + number)
    seconds = gateway.up().seconds
    print(f"\nupdate {number}: {seconds:.1f} s, {len(caller.results) - asked} requests")
    assert caller.failures == []
    assert len(caller.results) > asked
    assert starts(gateway, *DATABASES, "ingress") == before
    volumes(gateway)


def test_prune_is_no_change(gateway: Project) -> None:
    prune()
    gateway.expect_no_changes()
    assert "nothing is wrong" in gateway.must_ops("recover")
    assert gateway.ops("drift", gateway.stack).exit_code == 0
    gateway.must_ops("health")


def test_update_with_a_refresh_after_a_prune_touches_nothing_that_serves(gateway: Project) -> None:
    before = starts(gateway, *SERVING)
    prune()
    gateway.must("up", "--yes", "--skip-preview", "--refresh")
    assert starts(gateway, *SERVING) == before
    gateway.expect_no_changes()


def test_another_image_after_a_prune_is_dumped_migrated_to_and_checked(
    gateway: Project, engine: str, caller: Caller
) -> None:
    """Nothing holds the volume of the migration's files between two runs."""
    jobs = ("dump", "migration", "validation")
    before = gateway.config_file.read_text()
    prune()
    gateway.change("gateway:images.litellm", derive(gateway, "labelled", "LABEL prune=yes"))
    gateway.up()
    assert {gateway.container(name).attrs["State"]["ExitCode"] for name in jobs} == {0}
    prune()
    gateway.config_file.write_text(before)
    # The prune took the earlier image; `bootstrap/run` would build it again, and a registry would have it.
    copy_images([image_reference("litellm", resolve_source())], MACHINE_ENGINE, engine)
    gateway.up()
    assert {gateway.container(name).attrs["State"]["ExitCode"] for name in jobs} == {0}
    assert caller.failures == []
