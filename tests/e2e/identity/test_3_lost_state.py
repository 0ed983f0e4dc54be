"""A state that is lost altogether is made anew from the running gateway, as the runbook says."""

import shutil

import httpx

from components.engine.files import FILE_KINDS
from testbed.engine_lock import remove
from testbed.gateway import admin
from testbed.project import Project
from tests.e2e.data.stored_key import new_stored_key
from tests.e2e.identity.conftest import Standing
from tests.history.runbook import blocks, run, salt_key

SAVE, REBUILD, CHECK, RESTORE = blocks("The state is lost")
SAVED = ".cache"
"""Where SAVE puts the dumps, and RESTORE looks for the salt key."""


def lose_state(gateway: Project) -> None:
    """Remove the state, with all that Pulumi keeps beside it."""
    shutil.rmtree(gateway.folder / "state")
    (gateway.folder / "state").mkdir()


def test_a_lost_state_is_made_anew_with_all_data_and_keys(gateway: Project, proxy: httpx.Client) -> None:
    stored = new_stored_key(gateway, proxy, "stored-before-the-loss")
    before, salt, master = Standing.of(gateway), salt_key(gateway), gateway.output("master_key")
    lose_state(gateway)
    for verb in ("up", "recover", "down"):
        result = gateway.ops(verb, gateway.stack)
        assert result.exit_code != 0
        assert f"`python -m ops recover {gateway.stack} --lost-state`" in result.output
    run(gateway, SAVE)
    assert list((gateway.folder / SAVED / "saved-dumps").glob("*.dump"))
    told = run(gateway, REBUILD, "y\ny\n")
    assert f"{gateway.stack} has a state again" in told

    after = Standing.of(gateway)
    assert after.rows == before.rows
    assert after.networks == before.networks
    assert len(after.containers) == len(before.containers)
    written_anew = ("identity", *FILE_KINDS)
    data = {volume for volume in before.volumes if volume.rsplit("-", 2)[-2] not in written_anew}
    assert data <= after.volumes
    assert len(after.volumes) == len(before.volumes)
    assert (salt_key(gateway), gateway.output("master_key")) == (salt, master)
    print(f"\nthe old key worked {stored.wait():.1f} s later")
    with admin(gateway) as client:
        assert client.get("/v1/models").status_code == 200
    run(gateway, CHECK)
    gateway.expect_no_changes()


def test_a_dump_and_the_salt_key_are_enough(gateway: Project, proxy: httpx.Client) -> None:
    stored = new_stored_key(gateway, proxy, "stored-before-the-fire")
    rows, salt = Standing.of(gateway).rows, salt_key(gateway)
    shutil.rmtree(gateway.folder / SAVED / "saved-dumps", ignore_errors=True)
    run(gateway, SAVE)
    (dump,) = sorted((gateway.folder / SAVED / "saved-dumps").glob("*-manual.dump"))[-1:]
    (gateway.folder / SAVED / "saved-salt-key").write_text(f"{salt}\n")
    lose_state(gateway)
    remove(gateway.stack)

    run(gateway, RESTORE, NAME=dump.stem, **{"--drop-old": "--drop-old --yes"})
    assert salt_key(gateway) == salt
    assert Standing.of(gateway).rows == rows
    print(f"\nthe old key worked {stored.wait():.1f} s later")
    gateway.expect_no_changes()
