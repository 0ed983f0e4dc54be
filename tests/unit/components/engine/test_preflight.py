"""What the host must offer before anything is created."""

import json
import socket
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import docker
import pulumi
import pytest
import requests

from components.edge.component import ports
from components.edge.settings import EdgeSettings
from components.engine import preflight
from components.engine.preflight import Host, check, failed_attempts, observe, refusals
from components.engine.workload import Port

FINE = Host(port_holders={}, missing_images=(), processors=16, memory_mib=2**16, root_cgroup="/", failed_attempts={})
PORTS = ports(EdgeSettings())
JOBS = ("dump", "migration")


def engine(
    *containers: SimpleNamespace, present: tuple[str, ...] = (), networks: tuple[str, ...] = (), **info: Any
) -> SimpleNamespace:
    """An engine of this machine with these containers, images and subnets."""

    def get(reference: str) -> SimpleNamespace:
        if reference not in present:
            raise docker.errors.ImageNotFound(reference)
        return SimpleNamespace(id=f"id of {reference}")

    facts = {
        "Name": socket.gethostname(),
        "DockerRootDir": "/nonexistent",
        "NCPU": 6,
        "MemTotal": 2**34,
        "CgroupDriver": "none",
        **info,
    }
    listed = [SimpleNamespace(attrs={"IPAM": {"Config": [{"Subnet": subnet}]}}) for subnet in networks]
    return SimpleNamespace(
        info=lambda: facts,
        version=lambda: {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"},
        containers=SimpleNamespace(list=Mock(return_value=list(containers))),
        images=SimpleNamespace(get=get),
        networks=SimpleNamespace(list=lambda filters=None: [] if filters else listed),
        volumes=SimpleNamespace(list=Mock(return_value=[])),
        close=lambda: None,
    )


def container(
    name: str, stack: str | None = None, port: int | None = None, workload: str = "edge", **more: str | int
) -> SimpleNamespace:
    """A container that may publish a port."""
    labels = {"gateway.stack": stack, "gateway.workload": workload} if stack else {}
    if "attempt" in more:
        labels["gateway.attempt"] = str(more["attempt"])
    return SimpleNamespace(
        id=f"id-{name}",
        name=name,
        labels=labels,
        status=more.get("status", "running"),
        attrs={
            "NetworkSettings": {"Ports": {"4000/tcp": [{"HostPort": str(port)}], "9/tcp": None} if port else None},
            "HostConfig": {},
            "State": {"ExitCode": more.get("exit_code", 0)},
        },
    )


def observed(
    monkeypatch: pytest.MonkeyPatch, found: SimpleNamespace, *wanted: Port, images: tuple[str, ...] = ()
) -> Host:
    monkeypatch.setattr(preflight, "connect", Mock(return_value=found))
    state = observe("test", wanted, images, JOBS)
    found.containers.list.assert_called_once_with(all=True, ignore_removed=True)
    return state


def test_good_host_is_accepted() -> None:
    assert refusals(FINE, PORTS) == []


def test_taken_port_is_refused_with_its_setting_and_holder() -> None:
    assert refusals(replace(FINE, port_holders={4001: "container nginx"}), PORTS) == [
        "edge.health_port: port 4001 is taken by container nginx; free it or set another"
    ]


def test_image_that_is_not_built_is_refused() -> None:
    assert refusals(replace(FINE, missing_images=("localhost/gateway/redis:7.0-ab",)), PORTS) == [
        "image localhost/gateway/redis:7.0-ab: not built on this engine; run `bootstrap/run`"
    ]


def test_each_refusal_has_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    full = replace(FINE, port_holders={4000: "a", 4001: "b"}, missing_images=("x",), refusals=("disk nearly full: x",))
    monkeypatch.setattr(preflight, "observe", lambda *_: full)
    with pytest.raises(pulumi.RunError) as caught:
        check("test", PORTS, [], JOBS)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "edge.proxy_port",
        "edge.health_port",
        "image x",
        "disk nearly full",
    ]


@pytest.mark.parametrize(
    ("ended", "failures"),
    [
        ([], 0),
        ([(0, 0)], 0),
        ([(0, 1)], 1),
        ([(0, 1), (1, 0)], 1),
        ([(1, 1), (0, 1)], 2),
        ([(9, 1), (10, 0)], 10),
        ([(10, 0), (9, 1)], 10),
    ],
)
def test_job_runs_again_only_after_a_failed_attempt(ended: list[tuple[int, int]], failures: int) -> None:
    found = failed_attempts(("migration", attempt, exit_code) for attempt, exit_code in ended)
    assert found == ({"migration": failures} if failures else {})


def test_each_job_has_its_own_count() -> None:
    assert failed_attempts([("dump", 1, 0), ("validation", 0, 137), ("migration", 4, 1)]) == {
        "dump": 1,
        "validation": 1,
        "migration": 5,
    }


def test_jobs_that_run_together_have_the_highest_count() -> None:
    host = replace(FINE, failed_attempts={"dump": 2, "migration": 5, "validation": 9})
    assert host.attempt("dump", "migration") == 5
    assert host.attempt("validation") == 9
    assert host.attempt("dump", "other") == 2
    assert FINE.attempt("dump", "migration") == 0


@pytest.mark.parametrize(
    "error",
    [
        docker.errors.DockerException("('Connection aborted.', PermissionError(13, 'Permission denied'))"),
        requests.ConnectionError("refused"),
        ConnectionResetError(),
    ],
)
def test_silent_engine_is_refused_with_the_cure(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(preflight, "connect", Mock(side_effect=error))
    with pytest.raises(pulumi.RunError, match=r"^Docker: no "):
        observe("test", PORTS, [], JOBS)


def test_engine_on_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://deploy@10.0.0.9")
    with pytest.raises(pulumi.RunError, match=r"^DOCKER_HOST: ssh://deploy@10.0.0.9 is not a socket of this machine"):
        check("test", PORTS, [], JOBS)


@pytest.mark.parametrize(
    ("info", "start"),
    [
        ({"MemoryLimit": False}, "cgroup controller memory is missing"),
        ({"OSType": "windows"}, "this engine runs containers of windows"),
        ({"DefaultAddressPools": [{"Base": "10.0.0.0/24", "Size": 24}]}, "Docker's address pools have room for 0 more"),
    ],
)
def test_host_that_cannot_run_containers_is_refused(
    monkeypatch: pytest.MonkeyPatch, info: dict[str, Any], start: str
) -> None:
    found = observed(monkeypatch, engine(networks=("10.0.0.0/24",), **info))
    (refusal,) = refusals(found, PORTS)
    assert refusal.startswith(start)


def test_address_that_is_not_the_host_s_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = observed(monkeypatch, engine(), *ports(EdgeSettings(address="192.0.2.10")))
    assert refusals(found, PORTS) == ["edge.address: 192.0.2.10 is no address of this host (`ip address`)"]


def test_engine_elsewhere_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    found = observed(monkeypatch, engine(Name="colima", SwapLimit=False), *PORTS)
    assert refusals(found, PORTS) == []
    assert [warning.split(":")[0].split(",")[0] for warning in found.warnings] == [
        "Docker's engine runs on colima",
        "cgroup controller missing",
    ]


def observe_as(monkeypatch: pytest.MonkeyPatch, host: Host, docker_host: str | None = None) -> None:
    """Let the program observe a host, with `docker:host` in its configuration."""
    monkeypatch.setattr(preflight, "observe", lambda *_: host)
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"docker:host": docker_host} if docker_host else {}))


def test_plugin_that_is_sent_to_another_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    observe_as(monkeypatch, FINE, "unix:///tmp/other.sock")
    with pytest.raises(pulumi.RunError, match=r"^docker:host: names unix:///tmp/other\.sock, and Docker's default "):
        check("test", PORTS, [], JOBS)
    observe_as(monkeypatch, FINE, "unix:///var/run/docker.sock")
    assert check("test", PORTS, [], JOBS) == FINE


@pytest.mark.parametrize("preview", [True, False])
def test_images_are_pulled_before_an_update_and_not_in_a_preview(
    monkeypatch: pytest.MonkeyPatch, *, preview: bool
) -> None:
    lines = [{"error": "unauthorized"}]
    asked = Mock(return_value=lines)
    client = SimpleNamespace(api=SimpleNamespace(pull=asked), close=lambda: None)
    observe_as(monkeypatch, replace(FINE, images_to_pull=("redis:7",)))
    monkeypatch.setattr(preflight, "connect", lambda _: client)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", said.append)
    if preview:
        check("test", PORTS, [], JOBS)
        assert said == ["images to pull: redis:7"]
    else:
        with pytest.raises(pulumi.RunError, match=r"^image redis:7: its registry wants credentials: `docker login`"):
            check("test", PORTS, [], JOBS)
    assert asked.called is not preview


def test_warnings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    observe_as(monkeypatch, replace(FINE, warnings=("swap",)))
    check("test", PORTS, [], JOBS)
    assert said == ["swap"]


def test_processors_are_the_engine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert observed(monkeypatch, engine()).processors == 6


@pytest.mark.parametrize(("cgroup_driver", "root"), [("cgroupfs", "/"), ("systemd", "-.slice"), ("none", None)])
def test_root_cgroup_has_the_driver_s_form(
    monkeypatch: pytest.MonkeyPatch, cgroup_driver: str, root: str | None
) -> None:
    assert observed(monkeypatch, engine(CgroupDriver=cgroup_driver)).root_cgroup == root


def test_memory_is_the_engine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert observed(monkeypatch, engine()).memory_mib == 2**14


def test_container_with_a_name_of_the_stack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "connect", Mock(return_value=engine(container("gateway-test-postgres"))))
    found = observe("test", (), (), JOBS, ["gateway-test-postgres"])
    assert [line.split(":")[0] for line in refusals(found, ())] == ["container gateway-test-postgres"]


def test_port_of_another_container_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = container("gateway-prod-ingress", stack="prod", port=4001)
    found = observed(monkeypatch, engine(other, Name="colima"), *PORTS)
    assert refusals(found, PORTS) == [
        "edge.health_port: port 4001 is taken by container gateway-prod-ingress; free it or set another"
    ]


def test_missing_images_are_built_or_pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    made, lacking, pulled = "localhost/gateway/redis:1", "localhost/gateway/litellm:1", "docker.io/library/redis:7"
    found = observed(monkeypatch, engine(present=(made,)), images=(made, lacking, pulled))
    assert (found.missing_images, found.images_to_pull) == ((lacking,), (pulled,))


def test_only_ended_jobs_of_this_stack_count(monkeypatch: pytest.MonkeyPatch) -> None:
    found = observed(
        monkeypatch,
        engine(
            container("a", "test", workload="migration", status="exited", exit_code=1, attempt=2),
            container("b", "prod", workload="migration", status="exited", exit_code=1, attempt=7),
            container("c", "test", workload="litellm-1", status="exited", exit_code=1, attempt=8),
            container("d", "test", workload="migration", status="created", exit_code=1, attempt=9),
        ),
    )
    assert found.failed_attempts == {"migration": 3}


def test_failed_dump_runs_again_with_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    found = observed(
        monkeypatch,
        engine(
            container("a", "test", workload="dump", status="exited", exit_code=1, attempt=4),
            container("b", "test", workload="migration", status="exited", exit_code=0, attempt=4),
        ),
    )
    assert found.attempt("dump", "migration") == 5


def test_only_the_named_jobs_count(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = container("a", "test", workload="migration", status="exited", exit_code=1, attempt=4)
    monkeypatch.setattr(preflight, "connect", Mock(return_value=engine(failed)))
    assert observe("test", (), (), ["migration"]).failed_attempts == {"migration": 5}
    assert observe("test", (), (), ["dump"]).failed_attempts == {}
