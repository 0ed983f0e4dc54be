"""What goes wrong on the engine is found, and cured without losing anything."""

import json
import os
import signal
import subprocess
import time

import docker
import httpx
import pytest

from tests.e2e.project import Project

SETTING = "gateway:litellm.config.cooldown_time"


def drift(gateway: Project) -> tuple[int, set[tuple[str, str]]]:
    result = gateway.ops("drift", gateway.stack, "--json")
    begin = result.output.find("[\n") if "[\n" in result.output else result.output.find("[]")
    return result.exit_code, {(each["resource"], each["what"]) for each in json.loads(result.output[begin:])}


def test_a_stack_that_nobody_touched_has_no_drift_and_nothing_to_recover(gateway: Project) -> None:
    assert drift(gateway) == (0, set())
    assert f"{gateway.stack}: nothing is wrong" in gateway.ops("recover", gateway.stack).output


def test_what_was_done_by_hand_is_found_and_cured(gateway: Project, proxy: httpx.Client) -> None:
    keys = gateway.sql("""select count(*) from "LiteLLM_VerificationToken" """)
    made = proxy.post("/key/generate", json={"key_alias": "before-the-recovery"})
    assert made.status_code == 200, made.text
    gateway.container("provider").stop()
    gateway.container("redis").update(mem_limit="300m", memswap_limit="300m")
    gateway.container("litellm-1").remove(force=True)
    labels = {"gateway.stack": gateway.stack, "gateway.workload": "stranger"}
    image = gateway.container("provider").image
    stranger = docker.from_env().containers.create(image, ["true"], labels=labels, name="gateway-stranger")
    try:
        assert drift(gateway) == (
            2,
            {
                ("provider", "state"),
                ("redis", "memory MiB"),
                ("redis", "memory and swap MiB"),
                ("litellm-1", "container"),
                ("stranger", "container"),
            },
        )
        result = gateway.ops("recover", gateway.stack, "--yes")
        assert result.exit_code == 0, result.output
        assert docker.from_env().containers.get(stranger.id).status == "created"
    finally:
        stranger.remove()
    gateway.must("up", "--yes", "--skip-preview", "--refresh")
    assert drift(gateway) == (0, set())
    assert int(gateway.sql("""select count(*) from "LiteLLM_VerificationToken" """)) == int(keys) + 1


@pytest.mark.parametrize("moment", ["creating replacement", "deleting original"])
def test_a_killed_update_is_recovered(gateway: Project, proxy: httpx.Client, moment: str) -> None:
    gateway.change(SETTING, 80 + len(moment))
    log = gateway.folder / "state" / "killed.log"
    with log.open("w") as output:
        update = subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--stack", gateway.stack, "--non-interactive", "--color=never"],
            cwd=gateway.folder, env=gateway.environment, stdout=output, stderr=output,
        )  # fmt: skip
        give_up = time.monotonic() + 120
        while f"litellm-1 {moment}" not in log.read_text():
            assert time.monotonic() < give_up
            assert update.poll() is None, log.read_text()
            time.sleep(0.1)
        if moment == "creating replacement":
            second = gateway.ops("up", gateway.stack)
            assert f"error: {gateway.stack} is locked by " in second.output
            assert "wait until it has ended" in second.output
            assert second.exit_code != 0
        os.kill(update.pid, signal.SIGKILL)
        update.wait()
    refused = gateway.ops("up", gateway.stack)
    assert f"that process has ended: `python -m ops recover {gateway.stack}`" in refused.output

    result = gateway.ops("recover", gateway.stack, "--yes")
    assert result.exit_code == 0, result.output
    assert [each.status for each in gateway.containers("litellm-1")] == ["running"]
    assert drift(gateway) == (0, set())
    assert proxy.get("/v1/models").status_code == 200
    gateway.must("preview", "--expect-no-changes")


def test_the_gateway_is_left_as_it_was_found(gateway: Project) -> None:
    gateway.change(SETTING, 60)
    gateway.must("up", "--yes", "--skip-preview")
    assert f"{gateway.stack}: nothing is wrong" in gateway.ops("recover", gateway.stack).output
