"""What the host must offer before anything is created."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import Mock

import docker
import pulumi
import pytest

from components.edge.component import ports
from components.edge.settings import EdgeSettings
from components.engine import preflight
from components.engine.preflight import Host, check, failed_attempts, is_free, observe, refusals, unreachable
from components.engine.workload import Port

FINE = Host(free_gib=50.0, port_holders={}, missing_images=(), processors=16, root_cgroup="/", failed_attempts={})
PORTS = ports(EdgeSettings())
JOBS = ("dump", "migration")


@pytest.fixture
def taken() -> Iterator[Port]:
    """A port that a process of this host listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield Port(4000, listener.getsockname()[1], "127.0.0.1", "edge.proxy_port")


def engine(
    *containers: SimpleNamespace, local: bool = True, tags: tuple[str, ...] = (), cgroup_driver: str = "none"
) -> SimpleNamespace:
    """An engine with these containers and images."""
    return SimpleNamespace(
        info=lambda: {"DockerRootDir": "/", "NCPU": 6, "CgroupDriver": cgroup_driver},
        containers=SimpleNamespace(list=Mock(return_value=list(containers))),
        networks=SimpleNamespace(list=Mock(return_value=[])),
        volumes=SimpleNamespace(list=Mock(return_value=[])),
        images=SimpleNamespace(list=lambda: [SimpleNamespace(tags=[tag]) for tag in tags]),
        api=SimpleNamespace(base_url="http+docker://localhost" if local else "https://10.0.0.9:2376"),
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
    monkeypatch.setattr("components.engine.preflight.docker.from_env", Mock(return_value=found))
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


@pytest.mark.parametrize(("free_gib", "refused"), [(1.9, True), (2.0, False), (None, False)])
def test_nearly_full_disk_is_refused(free_gib: float | None, refused: bool) -> None:  # noqa: FBT001
    found = refusals(replace(FINE, free_gib=free_gib), PORTS)
    assert [sentence.startswith("disk nearly full: ") for sentence in found] == [True] * refused


def test_each_refusal_has_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    full = replace(FINE, free_gib=0.5, port_holders={4000: "a", 4001: "b"}, missing_images=("x",))
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
    ("reason", "cure"),
    [
        ("('Connection aborted.', PermissionError(13, 'Permission denied'))", "sudo usermod -aG docker $USER"),
        ("('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))", "systemctl start docker"),
        ("HTTPSConnectionPool: Connection refused", "set DOCKER_HOST"),
    ],
)
def test_silent_engine_is_refused_with_the_cure(monkeypatch: pytest.MonkeyPatch, reason: str, cure: str) -> None:
    assert cure in unreachable(reason)
    monkeypatch.setattr(
        "components.engine.preflight.docker.from_env", Mock(side_effect=docker.errors.DockerException(reason))
    )
    with pytest.raises(pulumi.RunError) as caught:
        observe("test", PORTS, [], JOBS)
    assert str(caught.value) == unreachable(reason)


def test_port_with_a_listener_is_taken(taken: Port) -> None:
    assert is_free(taken) is False


def test_port_is_free_after_its_listener() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = Port(4000, listener.getsockname()[1], "127.0.0.1", "edge.proxy_port")
    assert is_free(port) is True


def test_process_on_the_host_holds_its_port(monkeypatch: pytest.MonkeyPatch, taken: Port) -> None:
    assert observed(monkeypatch, engine(), taken).port_holders == {taken.external: "a process on this host"}


def test_remote_engine_s_ports_and_disk_are_unknown(monkeypatch: pytest.MonkeyPatch, taken: Port) -> None:
    remote = observed(monkeypatch, engine(local=False), taken)
    assert (remote.port_holders, remote.free_gib) == ({}, None)


def test_processors_are_the_engine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert observed(monkeypatch, engine(local=False)).processors == 6


@pytest.mark.parametrize(("cgroup_driver", "root"), [("cgroupfs", "/"), ("systemd", "-.slice"), ("none", None)])
def test_root_cgroup_has_the_driver_s_form(
    monkeypatch: pytest.MonkeyPatch, cgroup_driver: str, root: str | None
) -> None:
    assert observed(monkeypatch, engine(cgroup_driver=cgroup_driver)).root_cgroup == root


def test_stack_s_own_container_holds_no_port_against_it(monkeypatch: pytest.MonkeyPatch, taken: Port) -> None:
    own = container("gateway-test-edge", stack="test", port=taken.external)
    assert observed(monkeypatch, engine(own), taken).port_holders == {}


def test_another_stack_s_container_holds_its_port(monkeypatch: pytest.MonkeyPatch, taken: Port) -> None:
    other = container("gateway-prod-edge", stack="prod", port=taken.external)
    unrelated = container("web", port=taken.external + 1)
    found = observed(monkeypatch, engine(other, unrelated), taken).port_holders
    assert found == {taken.external: "container gateway-prod-edge"}


def test_only_built_images_can_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    made, lacking, pulled = "localhost/gateway/redis:1", "localhost/gateway/litellm:1", "docker.io/library/redis:7"
    found = observed(monkeypatch, engine(tags=(made,)), images=(made, lacking, pulled))
    assert found.missing_images == (lacking,)


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
    monkeypatch.setattr("components.engine.preflight.docker.from_env", Mock(return_value=engine(failed)))
    assert observe("test", (), (), ["migration"]).failed_attempts == {"migration": 5}
    assert observe("test", (), (), ["dump"]).failed_attempts == {}
