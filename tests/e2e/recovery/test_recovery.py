"""What went wrong on the engine is found, and repaired without a loss."""

import json
import subprocess

import docker
import httpx
import pytest

from testbed.gateway import new_key
from testbed.project import Project
from testbed.wait import wait_until

SETTING = "gateway:litellm.config.cooldown_time"


MOMENT_SECONDS = 300
"""For an update to reach the moment at which it is killed."""


def drift(gateway: Project) -> tuple[int, set[tuple[str, str]]]:
    """Return the exit code of `drift`, and each resource with what differs."""
    result = gateway.ops("drift", gateway.stack, "--json")
    begin = result.output.find("[\n") if "[\n" in result.output else result.output.find("[]")
    return result.exit_code, {(each["resource"], each["what"]) for each in json.loads(result.output[begin:])}


def test_an_untouched_stack_has_no_drift_and_nothing_to_recover(gateway: Project) -> None:
    assert drift(gateway) == (0, set())
    assert f"{gateway.stack}: nothing is wrong" in gateway.must_ops("recover")


def test_changes_made_by_hand_are_found_and_undone(gateway: Project, proxy: httpx.Client) -> None:
    keys = int(gateway.sql("""select count(*) from "LiteLLM_VerificationToken" """))
    new_key(proxy, f"before-the-recovery-{keys}")
    gateway.container("provider").stop()
    gateway.container("redis").update(mem_limit="300m", memswap_limit="300m")
    gateway.container("litellm-1").remove(force=True)
    labels = {"gateway.stack": gateway.stack, "gateway.workload": "stranger"}
    image = str(gateway.container("provider").attrs["Image"])
    stranger = docker.from_env().containers.create(image, ["true"], labels=labels, name="gateway-stranger")
    try:
        exit_code, found = drift(gateway)
        # Without a replica the edge becomes unhealthy too, sooner or later.
        assert (exit_code, found - {("edge", "state"), ("ingress", "state")}) == (
            2,
            {
                ("provider", "state"),
                ("redis", "memory MiB"),
                ("redis", "memory and swap MiB"),
                ("litellm-1", "container"),
                ("stranger", "container"),
            },
        )
        gateway.must_ops("recover", "--yes")
        assert docker.from_env().containers.get(str(stranger.id)).status == "created"
    finally:
        stranger.remove()
    gateway.must("up", "--yes", "--skip-preview", "--refresh")
    assert drift(gateway) == (0, set())
    assert int(gateway.sql("""select count(*) from "LiteLLM_VerificationToken" """)) == keys + 1


@pytest.mark.parametrize("moment", ["creating replacement", "deleting original"])
def test_a_killed_update_is_recovered(gateway: Project, proxy: httpx.Client, restored: None, moment: str) -> None:
    gateway.change(SETTING, 80 + len(moment))
    log = gateway.folder / "state" / "killed.log"
    with log.open("w") as output:
        update = subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--stack", gateway.stack, "--non-interactive", "--color=never"],
            cwd=gateway.folder, env=gateway.environment, stdout=output, stderr=output,
        )  # fmt: skip
        try:
            wait_until(lambda: f"litellm-1 {moment}" in log.read_text() or ended(update), MOMENT_SECONDS, pause=0.1)
            assert not ended(update), log.read_text()
            second = gateway.ops("up", gateway.stack) if moment == "creating replacement" else None
        finally:
            update.kill()
            update.wait()
    if second:
        assert second.exit_code != 0
        assert f"error: {gateway.stack} is locked by " in second.output
        assert "wait until it has ended" in second.output
    refused = gateway.ops("up", gateway.stack)
    assert f"that process has ended: `python -m ops recover {gateway.stack}`" in refused.output

    gateway.must_ops("recover", "--yes")
    assert [each.status for each in gateway.containers("litellm-1")] == ["running"]
    assert drift(gateway) == (0, set())
    assert proxy.get("/v1/models").status_code == 200
    gateway.expect_no_changes()
    assert f"{gateway.stack}: nothing is wrong" in gateway.must_ops("recover")


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a process has ended."""
    return process.poll() is not None
