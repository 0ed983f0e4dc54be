"""A change by hand is found, also where Pulumi does not look; secrets are never shown."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.repair import drift
from ops.repair.drift import find_drift
from ops.repair.observed_state import ObservedState
from ops.stack.state import CONTAINER, recorded_resources

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("postgres_container.json").read_text())
"""Postgres as it was made once: the state's resource, `docker inspect` of it, and of its image."""
DATA_CONTAINER = {
    "urn": "urn:pulumi:e2e::gateway::x::postgres-secrets",
    "type": CONTAINER,
    "id": "files",
    "inputs": {
        "start": False,
        "image": "sha256:a",
        "name": "files",
        "uploads": {"mark": "secret", "plaintext": json.dumps([{"file": "/run/secrets/password", "content": "hush"}])},
    },
}


@dataclass
class Machine:
    """A state and an engine that agree, until a test changes one."""

    resource: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(RECORDED))
    more: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @property
    def inspect(self) -> dict[str, Any]:
        return dict(self.resource["inspect"])

    def found(self) -> set[tuple[str, str, str, str]]:
        inspect = self.inspect
        containers = {inspect["Id"]: inspect, **self.others} if inspect else self.others
        images = {str(each["Image"]): self.resource["image"] for each in containers.values()}
        view = ObservedState(containers, images, frozenset({"network-1"}), frozenset({"volume-1"}), self.files)
        state = recorded_resources({"resources": [self.resource, *self.more]})
        return {(each.resource, each.what, each.wanted, each.found) for each in find_drift(state, view)}


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_what_nobody_touched_has_no_drift(machine: Machine) -> None:
    assert machine.found() == set()


def test_the_order_of_volumes_is_no_drift(machine: Machine) -> None:
    """A set to the provider, a list to Docker."""
    machine.resource["inputs"]["volumes"].reverse()
    assert machine.found() == set()


@pytest.mark.parametrize("mode", ["rw", "", "rw,z"])
def test_files_that_can_be_written_to_are_drift(machine: Machine, mode: str) -> None:
    binds = machine.resource["inspect"]["HostConfig"]["Binds"]
    binds[:] = [bind.replace(":ro", f":{mode}" if mode else "") for bind in binds]
    assert {what for _, what, *_ in machine.found()} == {"volumes"}


CHANGES: dict[str, tuple[Callable[[Any], object], tuple[str, str, str]]] = {
    "memory": (lambda c: c["HostConfig"].update(Memory=2**29), ("memory MiB", "1024", "512")),
    "image": (
        lambda c: c.update(Image="sha256:other"), ("image", RECORDED["inputs"]["image"][:59] + "…", "sha256:other"),
    ),
    "restart policy": (
        lambda c: c["HostConfig"]["RestartPolicy"].update(Name="no"), ("restart", "unless-stopped", "no"),
    ),
    "privileges": (lambda c: c["HostConfig"].update(Privileged=True), ("privileged", "False", "True")),
    "capability": (
        lambda c: c["HostConfig"].update(CapAdd=["NET_ADMIN"]), ("capabilities added", "none", "['NET_ADMIN']"),
    ),
    "port": (
        lambda c: c["HostConfig"].update(PortBindings={"5432/tcp": [{"HostIp": "", "HostPort": "5432"}]}),
        ("ports", "none", "[('5432/tcp', '5432', '')]"),
    ),
    "label": (lambda c: c["Config"]["Labels"].update({"gateway.workload": "mine"}),
              ("label gateway.workload", "postgres", "mine")),
    "added label": (lambda c: c["Config"]["Labels"].update(mine="yes"), ("label mine", "none", "yes")),
    "user": (lambda c: c["Config"].update(User="0:0"), ("user", "999:999", "0:0")),
    "stopped": (lambda c: c["State"].update(Status="exited"), ("state", "healthy", "exited")),
    "unhealthy": (lambda c: c["State"]["Health"].update(Status="unhealthy"), ("state", "healthy", "unhealthy")),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_each_change_by_hand_is_found(machine: Machine, case: str) -> None:
    change, told = CHANGES[case]
    change(machine.resource["inspect"])
    assert machine.found() == {("postgres", *told)}


def test_a_health_check_a_network_and_a_command_are_compared(machine: Machine) -> None:
    inspect = machine.resource["inspect"]
    inspect["Config"]["Healthcheck"]["Interval"] = 60 * 10**9
    inspect["NetworkSettings"]["Networks"]["bridge2"] = {"Aliases": None}
    inspect["Config"]["Cmd"] = ["postgres"]
    assert {what for _, what, *_ in machine.found()} == {"health check", "networks", "command"}


def test_a_variable_s_value_is_not_shown(machine: Machine) -> None:
    variables = machine.resource["inspect"]["Config"]["Env"]
    variables[:] = [each for each in variables if not each.startswith(("POSTGRES_DB=", "POSTGRES_USER="))]
    variables += ["POSTGRES_USER=hush", "OPENAI_API_KEY=hush"]
    assert machine.found() == {
        ("postgres", "environment POSTGRES_DB", "litellm", "unset"),
        ("postgres", "environment POSTGRES_USER", "litellm", "another value"),
        ("postgres", "environment OPENAI_API_KEY", "unset", "another value"),
    }


def test_variables_of_the_image_are_no_drift(machine: Machine) -> None:
    machine.resource["inspect"]["Config"]["Env"].append("FROM_IMAGE=1")
    machine.resource["image"]["Config"]["Env"].append("FROM_IMAGE=1")
    assert machine.found() == set()


def test_what_the_engine_removed_and_nothing_needs_is_no_drift(machine: Machine) -> None:
    job = copy.deepcopy(RECORDED) | {"id": "job", "outputs": {"exitCode": 0}}
    job["inputs"] |= {"mustRun": False, "name": "gateway-e2e-migration"}
    machine.more = [copy.deepcopy(DATA_CONTAINER), job]
    assert machine.found() == set()
    job["outputs"]["exitCode"] = 1
    assert machine.found() == {("postgres", "container", "gateway-e2e-migration", "missing")}


def test_a_removed_data_container_s_files_are_still_compared(machine: Machine) -> None:
    machine.more, machine.files = [copy.deepcopy(DATA_CONTAINER)], {"files": {"/run/secrets/password": "other"}}
    assert machine.found() == {("postgres-secrets", "/run/secrets/password", "as Pulumi wrote it", "another text")}


def test_a_deleted_container_is_missing(machine: Machine) -> None:
    machine.resource["inspect"] = {}
    assert machine.found() == {("postgres", "container", "gateway-e2e-postgres", "missing")}


def test_a_container_made_by_hand_is_compared_and_unknown(machine: Machine) -> None:
    by_hand = copy.deepcopy(RECORDED["inspect"]) | {"Id": "f" * 64}
    by_hand["HostConfig"]["ReadonlyRootfs"] = False
    machine.resource["inspect"], machine.others = {}, {by_hand["Id"]: by_hand}
    found = machine.found()
    assert ("postgres", "container", RECORDED["id"][:12], "another one of its name: ffffffffffff") in found
    assert ("postgres", "read-only root", "True", "False") in found
    assert ("postgres", "container", "none", "gateway-e2e-postgres, healthy: not in the state") in found


def test_what_an_unfinished_update_left_is_found(machine: Machine) -> None:
    left = copy.deepcopy(RECORDED) | {"id": "left", "delete": True}
    machine.more, machine.others = [left], {"left": {**RECORDED["inspect"], "Id": "left"}}
    assert machine.found() == {("postgres", "container", "removed", "an unfinished update left it")}
    machine.others = {}
    assert machine.found() == set()


@pytest.mark.parametrize(("text", "told"), [("hush", None), ("changed by hand", "another text"), (None, "missing")])
def test_a_data_container_s_files_are_compared_and_never_shown(
    machine: Machine, text: str | None, told: str | None
) -> None:
    inspect = copy.deepcopy(RECORDED["inspect"]) | {"Id": "files", "Image": "sha256:a"}
    data_container = copy.deepcopy(DATA_CONTAINER)
    machine.more, machine.others = [data_container], {"files": inspect}
    machine.files = {"files": {"/run/secrets/password": text}}
    about_files = {each for each in machine.found() if each[1].startswith("/")}
    wanted = {("postgres-secrets", "/run/secrets/password", "as Pulumi wrote it", told)}
    assert about_files == (wanted if told else set())


@pytest.mark.parametrize(("kind", "what"), [("network:Network", "network"), ("volume:Volume", "volume")])
def test_a_missing_network_or_volume_is_found(machine: Machine, kind: str, what: str) -> None:
    resource = {"urn": "u::data", "type": f"docker:index/{kind}", "inputs": {"name": "gateway-data"}}
    machine.more = [resource | {"id": f"{what}-1"}]
    assert machine.found() == set()
    machine.more = [resource | {"id": "gone"}]
    assert machine.found() == {("data", what, "gateway-data", "missing")}


def test_a_one_shot_that_has_ended_is_no_drift(machine: Machine) -> None:
    machine.resource["inputs"]["mustRun"] = False
    machine.resource["inspect"]["State"] = {"Status": "exited"}
    assert machine.found() == set()


def test_a_stack_that_is_not_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = type("Stack", (), {"export_stack": lambda _: type("Deployment", (), {"deployment": {}})})()
    monkeypatch.setattr(drift, "open_existing", lambda _: stack)
    monkeypatch.setattr(drift, "observe", lambda *_: ObservedState({}))
    with pytest.raises(OperationError, match="dev is not up"):
        drift.show_drift("dev", as_json=False)
