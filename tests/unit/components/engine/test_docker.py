"""What a workload is as containers of a Docker engine."""

from dataclasses import replace

import pulumi
import pytest

from components.engine.docker import DockerEngine, seconds
from components.engine.labels import Labels
from components.engine.networks import Networks
from components.engine.workload import Replacement, Workload
from tests.unit.components.workloads import WORKLOAD
from tests.unit.program import IMAGE, VOLUME, Program, record

EXCLUSIVE = replace(WORKLOAD, name="web", replacement=Replacement.DELETE_BEFORE_CREATE)


def started(monkeypatch: pytest.MonkeyPatch, *workloads: Workload, once: bool = False) -> Program:
    """Run the workloads on an engine of the stack `test`."""

    def body() -> None:
        labels = Labels("gateway", "test")
        engine = DockerEngine(labels, Networks(labels), protect=False)
        parent = pulumi.ComponentResource("gateway:index:Web", "parent")
        for workload in workloads:
            (engine.run_once if once else engine.run)(workload, parent)

    return record(monkeypatch, "test", body)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0s"),
        (1, "1s"),
        (59, "59s"),
        (60, "1m0s"),
        (61, "1m1s"),
        (90, "1m30s"),
        (600, "10m0s"),
        (3599, "59m59s"),
        (3600, "1h0m0s"),
        (3661, "1h1m1s"),
        (90000, "25h0m0s"),
    ],
)
def test_durations_are_written_as_docker_reads_them_back(value: int, text: str) -> None:
    assert seconds(value) == text


def test_a_workload_becomes_exactly_these_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, WORKLOAD).named("web-1") == {
        "image": "sha256:web-image",
        "entrypoints": ["web"],
        "command": ["--port", "80"],
        "envs": ["LEVEL=a", "ZONE=b"],
        "user": "101:102",
        "memory": 300,
        "memorySwap": 300,
        "cpuShares": 512,
        "cpuSet": "0-1",
        "cgroupParent": "/web",
        "ulimits": [{"name": "nproc", "soft": 200, "hard": 200}],
        "readOnly": True,
        "init": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,mode=1777", "/run": "rw,nosuid,nodev,mode=1777"},  # noqa: S108
        "capabilities": {"drops": ["ALL"]},
        "securityOpts": ["no-new-privileges"],
        "logDriver": "json-file",
        "logOpts": {"max-size": "10m", "max-file": "3"},
        "networkMode": "bridge",
        "networksAdvanced": [
            {"name": "made-data-network", "aliases": ["web"]},
            {"name": "made-front-network", "aliases": ["web"]},
        ],
        "hosts": [{"host": "host.docker.internal", "ip": "host-gateway"}],
        "ports": [{"internal": 80, "external": 8080, "ip": "127.0.0.1"}],
        "volumes": [
            {"fromContainer": "web-config-id", "readOnly": True},
            {"fromContainer": "web-secrets-id", "readOnly": True},
            {"volumeName": "web-data", "containerPath": "/data"},
        ],
        "restart": "unless-stopped",
        "stopTimeout": 70,
        "destroyGraceSeconds": 70,
        "healthcheck": {
            "tests": ["CMD", "web", "--check"],
            "interval": "1m30s",
            "timeout": "7s",
            "retries": 4,
            "startPeriod": "1h0m0s",
        },
        "wait": True,
        "waitTimeout": 100,
        "labels": [
            {"label": "gateway.stack", "value": "test"},
            {"label": "gateway.workload", "value": "web-1"},
        ],
    }


def test_what_a_workload_leaves_to_its_image_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = replace(WORKLOAD, entrypoint=(), command=(), host_gateway=False)
    assert not {"entrypoints", "command", "hosts"} & started(monkeypatch, plain).named("web-1").keys()


def test_configuration_and_secrets_are_carried_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, WORKLOAD)
    assert program.files("web-config") == {"/etc/gateway/also.conf": "quiet\n", "/etc/gateway/web.conf": "listen 80\n"}
    assert program.files("web-secrets") == {"/run/secrets/password": "hush"}


def test_a_carrier_is_never_started_and_joins_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, WORKLOAD).named("web-config") == {
        "image": "sha256:web-image",
        "entrypoints": ["/bin/true"],
        "start": False,
        "mustRun": False,
        "restart": "no",
        "networkMode": "none",
        "logDriver": "none",
        "volumes": [{"containerPath": "/etc/gateway"}],
        "uploads": [
            {"file": "/etc/gateway/also.conf", "content": "quiet\n"},
            {"file": "/etc/gateway/web.conf", "content": "listen 80\n"},
        ],
        "labels": [
            {"label": "gateway.stack", "value": "test"},
            {"label": "gateway.workload", "value": "web-config"},
        ],
    }


def test_a_workload_without_files_has_no_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, replace(WORKLOAD, config={}, secrets={}))
    assert [args.name for args in program.all_containers] == ["web-1"]


def test_replicas_of_one_alias_share_their_carriers(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, WORKLOAD, replace(WORKLOAD, name="web-2"))
    assert sorted(args.name for args in program.all_containers) == ["web-1", "web-2", "web-config", "web-secrets"]
    assert program.named("web-1")["volumes"] == program.named("web-2")["volumes"]


def test_a_changed_file_reaches_the_containers_that_read_it_by_a_new_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    options = started(monkeypatch, WORKLOAD).options("web-1")
    carriers = {urn.rsplit("::", 1)[-1] for urn in options.propertyDependencies["volumes"].urns}
    assert carriers == {"web-config", "web-secrets"}


def test_create_before_delete_has_no_name_that_the_old_one_would_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, WORKLOAD)
    assert "name" not in program.named("web-1")
    assert program.options("web-1").deleteBeforeReplace is False


def test_delete_before_create_has_the_one_name_of_its_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, EXCLUSIVE)
    assert program.named("web")["name"] == "gateway-test-web"
    assert program.options("web").deleteBeforeReplace is True


@pytest.mark.parametrize("workload", [WORKLOAD, EXCLUSIVE], ids=["create-before-delete", "delete-before-create"])
def test_a_container_that_never_became_healthy_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, workload: Workload
) -> None:
    options = started(monkeypatch, workload).options(workload.name)
    assert list(options.replaceOnChanges) == ["healthcheck", "tmpfs", "init", "#initerror"]


def test_a_failed_start_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(started(monkeypatch, WORKLOAD).options("web-1").hooks.on_error) == ["report-failure"]


def test_a_one_shot_runs_to_its_end_and_is_not_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    container = started(monkeypatch, WORKLOAD, once=True).named("web-1")
    assert {key: container.get(key) for key in ("attach", "mustRun", "restart", "wait", "healthcheck", "name")} == {
        "attach": True,
        "mustRun": False,
        "restart": "no",
        "wait": False,
        "healthcheck": None,
        "name": None,
    }


def test_an_image_is_pulled_once_and_stays_for_the_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, WORKLOAD, replace(WORKLOAD, name="web-2"))
    assert [args.name for args in program.resources if args.typ == IMAGE] == ["web-image"]
    assert program.named("web-image", IMAGE) == {"name": "registry.example:5000/team/web:1.2.3", "keepLocally": True}


@pytest.mark.parametrize("protect", [True, False])
def test_a_volume_outlives_the_stack_where_it_is_protected(monkeypatch: pytest.MonkeyPatch, protect: bool) -> None:  # noqa: FBT001
    def body() -> None:
        labels = Labels("gateway", "test")
        engine = DockerEngine(labels, Networks(labels), protect=protect)
        engine.volume("web-data", pulumi.ComponentResource("gateway:index:Web", "parent"))

    program = record(monkeypatch, "test", body)
    options = program.options("web-data", VOLUME)
    assert "name" not in program.named("web-data", VOLUME), "a fixed name could be another stack's volume"
    assert (options.protect, options.retainOnDelete) == (protect, protect)
