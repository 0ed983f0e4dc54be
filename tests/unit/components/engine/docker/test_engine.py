"""Services and jobs as resources of pulumi-docker."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.engine.docker.engine import DockerEngine
from components.engine.labels import Labels
from components.engine.workload import DataVolume, Job, Replacement, Service
from tests.unit.components.workloads import JOB, SERVICE, run_all
from tests.unit.program import CONTAINER, IMAGE, NETWORK, VOLUME, Program, Recorder, record

EXCLUSIVE = replace(SERVICE, name="web", replacement=Replacement.DELETE_BEFORE_CREATE)
LABELS = Labels("gateway", "test")
IDENTITY = "0123456789abcdef"
LABELLED = [{"label": "gateway.identity", "value": IDENTITY}, {"label": "gateway.stack", "value": "test"}]


def with_engine(
    monkeypatch: pytest.MonkeyPatch,
    body: Callable[[DockerEngine, pulumi.Resource], object],
    *,
    protect: bool = False,
    preview: bool = False,
    recorder: Recorder | None = None,
) -> Program:
    """Run some code with an engine of the stack `test` and a parent."""
    return record(
        monkeypatch,
        "test",
        lambda: body(
            DockerEngine(LABELS, pulumi.Output.from_input(IDENTITY), "key", protect=protect),
            pulumi.ComponentResource("gateway:index:Web", "parent"),
        ),
        preview=preview,
        recorder=recorder,
    )


def started(monkeypatch: pytest.MonkeyPatch, *workloads: Service | Job) -> Program:
    """Run services and jobs."""
    return with_engine(monkeypatch, lambda engine, parent: run_all(engine, parent, workloads))


def test_service_joins_the_stack_s_networks_and_mounts_its_files_and_whose_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    container = started(monkeypatch, SERVICE).named("web-1")
    assert container["image"] == "sha256:web-image"
    assert container["networksAdvanced"] == [
        {"name": "made-data-network", "aliases": ["web"]},
        {"name": "made-front-network", "aliases": ["web"]},
    ]
    assert container["volumes"] == [
        {"volumeName": "made-web-config", "containerPath": "/etc/gateway", "readOnly": True},
        {"volumeName": "made-web-secrets", "containerPath": "/run/secrets", "readOnly": True},
        {"volumeName": "made-identity", "containerPath": "/run/identity", "readOnly": True},
        {"volumeName": "web-data", "containerPath": "/data"},
    ]
    assert container["labels"] == [
        {"label": "gateway.stack", "value": "test"},
        {"label": "gateway.workload", "value": "web-1"},
        {"label": "web.tier", "value": "front"},
    ]


def test_config_and_secrets_are_in_containers_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE)
    assert program.files("web-config") == {"/etc/gateway/also.conf": "quiet\n", "/etc/gateway/web.conf": "listen 80\n"}
    assert program.files("web-secrets") == {"/run/secrets/password": "hush"}


def test_data_container_is_never_started_and_joins_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, SERVICE).named("web-config") == {
        "image": "sha256:web-image",
        "entrypoints": ["/bin/true"],
        "start": False,
        "mustRun": False,
        "attach": True,
        "restart": "no",
        "networkMode": "none",
        "logDriver": "none",
        "volumes": [{"volumeName": "made-web-config", "containerPath": "/etc/gateway"}],
        "uploads": [
            {"file": "/etc/gateway/also.conf", "content": "quiet\n"},
            {"file": "/etc/gateway/web.conf", "content": "listen 80\n"},
        ],
        "labels": [
            {"label": "gateway.stack", "value": "test"},
            {"label": "gateway.workload", "value": "web-config"},
        ],
    }


def test_service_without_files_has_no_data_container(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, replace(SERVICE, config={}, secrets={}))
    assert [args.name for args in program.all_containers] == ["web-1"]


def test_replicas_share_their_volumes_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE, replace(SERVICE, name="web-2"))
    assert sorted(args.name for args in program.all_containers) == ["web-1", "web-2", "web-config", "web-secrets"]
    assert program.named("web-1")["volumes"] == program.named("web-2")["volumes"]


@pytest.mark.parametrize(
    "other",
    [
        replace(SERVICE, name="web-2", config={"web.conf": "listen 81\n"}),
        replace(SERVICE, name="web-2", secrets={"password": "other"}),
        replace(SERVICE, name="web-2", programs={"web.py": "print()"}),
        replace(SERVICE, name="web-2", secrets={}),
        replace(JOB, name="web-2", alias="web"),
    ],
    ids=["other config", "other secret", "a program more", "a secret less", "a job"],
)
def test_one_alias_with_different_files_is_refused(monkeypatch: pytest.MonkeyPatch, other: Service | Job) -> None:
    with pytest.raises(ValueError, match=r"^web-2: its files differ from those of another workload named web$"):
        started(monkeypatch, SERVICE, other)


def test_two_aliases_may_have_different_files(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE, replace(SERVICE, name="api", alias="api", config={"api.conf": "on\n"}))
    assert program.files("web-config").keys() != program.files("api-config").keys()


def test_changed_file_replaces_the_containers_that_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    options = started(monkeypatch, SERVICE).options("web-1")
    read = {urn.rsplit("::", 1)[-1] for urn in options.propertyDependencies["volumes"].urns}
    assert read == {"web-config", "web-secrets", "identity"}


def trigger(program: Program, volume: str) -> object:
    """Return what replaces a volume of files when it changes."""
    return program.options(volume, VOLUME).replacement_trigger


def test_changed_file_is_written_into_another_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    before = started(monkeypatch, SERVICE)
    after = started(monkeypatch, replace(SERVICE, config={**SERVICE.config, "web.conf": "listen 81\n"}))
    assert trigger(before, "web-config") != trigger(after, "web-config")
    assert trigger(before, "web-secrets") == trigger(after, "web-secrets")
    assert before.options("web-config", VOLUME).deleteBeforeReplace is False


@pytest.mark.parametrize("change", [{"memory_mib": 301}, {"command": ("--quiet",)}, {"labels": {"web.tier": "back"}}])
def test_service_s_other_changes_keep_its_volume(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]) -> None:
    before, after = (started(monkeypatch, each) for each in (SERVICE, replace(SERVICE, **change)))
    assert trigger(before, "web-config") == trigger(after, "web-config")


def test_another_image_writes_into_another_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its data container is another one, and must not write into a volume that is being read."""
    before, after = (started(monkeypatch, each) for each in (SERVICE, replace(SERVICE, image="team/api:1.2.4")))
    assert trigger(before, "web-config") != trigger(after, "web-config")


def test_each_run_of_a_job_has_a_volume_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (started(monkeypatch, replace(JOB, labels={"gateway.attempt": attempt})) for attempt in ("0", "1"))
    assert trigger(first, "load-secrets") != trigger(second, "load-secrets")


def test_job_that_shares_a_service_s_files_leaves_them_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = replace(JOB, alias="web", config=SERVICE.config, secrets=SERVICE.secrets)
    first, second = (
        started(monkeypatch, replace(shared, labels={"gateway.attempt": attempt}), SERVICE) for attempt in ("0", "1")
    )
    assert trigger(first, "web-config") == trigger(second, "web-config")


def with_password(monkeypatch: pytest.MonkeyPatch, password: str) -> Program:
    def body(engine: DockerEngine, parent: pulumi.Resource) -> None:
        engine.run(replace(SERVICE, secrets={"password": pulumi.Output.secret(password)}), parent)

    return with_engine(monkeypatch, body)


def test_changed_secret_is_written_into_another_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = (with_password(monkeypatch, password) for password in ("hush", "quiet"))
    assert trigger(before, "web-secrets") != trigger(after, "web-secrets")


def test_trigger_of_a_volume_of_secrets_is_plain_for_pulumi_and_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    request = with_password(monkeypatch, "hush").options("web-secrets", VOLUME)
    assert re.fullmatch("[0-9a-f]{64}", request.replacement_trigger.string_value)
    assert "name" not in request.object


def test_workload_waits_until_its_files_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE, JOB)
    urns = {each.rsplit("$", 1)[-1] for each in program.options("web-1").dependencies}
    assert {f"{CONTAINER}::web-config", f"{CONTAINER}::web-secrets"} <= urns
    assert f"{CONTAINER}::load-secrets" in {each.rsplit("$", 1)[-1] for each in program.options("load").dependencies}


def test_create_before_delete_has_no_fixed_name(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE)
    assert "name" not in program.named("web-1")
    assert program.options("web-1").deleteBeforeReplace is False


def test_delete_before_create_has_a_fixed_name(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, EXCLUSIVE)
    assert program.named("web")["name"] == "gateway-test-web"
    assert program.options("web").deleteBeforeReplace is True


@pytest.mark.parametrize("service", [SERVICE, EXCLUSIVE], ids=["create-before-delete", "delete-before-create"])
def test_container_that_never_became_healthy_is_replaced(monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    options = started(monkeypatch, service).options(service.name)
    assert list(options.replaceOnChanges) == ["healthcheck", "tmpfs", "init", "#initerror"]


def test_failed_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(started(monkeypatch, SERVICE).options("web-1").hooks.on_error) == ["report-failure"]


def test_job_runs_to_its_end_and_is_not_restarted(monkeypatch: pytest.MonkeyPatch) -> None:
    container = started(monkeypatch, JOB).named("load")
    assert {key: container.get(key) for key in ("attach", "mustRun", "restart", "wait", "healthcheck", "name")} == {
        "attach": True,
        "mustRun": False,
        "restart": "no",
        "wait": False,
        "healthcheck": None,
        "name": None,
    }


def run_once(engine: DockerEngine, parent: pulumi.Resource) -> pulumi.Output[str]:
    return engine.run_once(JOB, parent, failure="it failed").succeeded


def test_successful_job_returns_the_id_of_its_image(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    with_engine(monkeypatch, lambda engine, parent: run_once(engine, parent).apply(ended.append))
    assert ended == ["sha256:web-image"]


def test_preview_knows_the_image_of_a_job_that_is_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[str] = []
    with_engine(
        monkeypatch,
        lambda engine, parent: run_once(engine, parent).apply(known.append),
        preview=True,
        recorder=Recorder(ids_known=False),
    )
    assert known == ["sha256:web-image"]


@pytest.mark.parametrize("preview", [False, True])
def test_job_that_has_failed_is_refused_by_update_and_preview(
    monkeypatch: pytest.MonkeyPatch,
    preview: bool,  # noqa: FBT001
) -> None:
    checked: list[tuple[str, float, str]] = []
    monkeypatch.setattr("components.engine.docker.engine.check_exit_code", lambda *found: checked.append(found))
    with_engine(monkeypatch, run_once, preview=preview, recorder=Recorder(exit_code=1))
    assert checked == [("load-id", 1, "it failed")]


def test_image_is_pulled_once_and_kept_for_a_rollback(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE, replace(SERVICE, name="web-2"), JOB)
    assert [args.name for args in program.resources if args.typ == IMAGE] == ["web-image"]
    assert program.named("web-image", IMAGE) == {"name": "registry.example:5000/team/web:1.2.3", "keepLocally": True}


@pytest.mark.parametrize("protect", [True, False])
def test_protected_volume_outlives_the_stack(monkeypatch: pytest.MonkeyPatch, protect: bool) -> None:  # noqa: FBT001
    volume = DataVolume("web-data", size_gib=20)
    program = with_engine(monkeypatch, lambda engine, parent: engine.create_volume(volume, parent), protect=protect)
    options = program.options("web-data", VOLUME)
    assert "name" not in program.named("web-data", VOLUME), "a fixed name could be another stack's volume"
    assert program.named("web-data", VOLUME)["labels"] == LABELLED
    assert list(options.ignoreChanges) == ["labels"], "volumes that have no identity must not be replaced"
    assert (options.protect, options.retainOnDelete) == (protect, protect)


def test_a_volume_says_who_made_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "postgres://pulumi:hush@db.example.com/state?sslmode=require")
    labels = started(monkeypatch, SERVICE).named("identity", VOLUME)["labels"]
    assert labels[:2] == LABELLED
    (made_by,) = (label["value"] for label in labels[2:])
    assert made_by.endswith(f" in {Path.cwd()} with postgres://db.example.com/state")


def test_images_wait_for_the_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "data-network" in started(monkeypatch, SERVICE).waits_for("web-image", IMAGE)


def test_networks_of_an_engine_are_created_once(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, SERVICE, JOB)
    assert sorted(args.name for args in program.resources if args.typ == NETWORK) == ["data-network", "front-network"]


def test_replicas_start_one_after_the_other_with_numbered_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def body(engine: DockerEngine, parent: pulumi.Resource) -> None:
        engine.run_replicas(replace(SERVICE, name="web"), 3, parent)

    program = with_engine(monkeypatch, body)
    assert [name for name in program.containers if name.startswith("web")] == ["web-1", "web-2", "web-3"]
    assert "web-1" in program.waits_for("web-2")
    assert "web-2" in program.waits_for("web-3")


@pytest.mark.parametrize(
    ("address", "host"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("10.0.0.9", "10.0.0.9"), ("fd00::9", "[fd00::9]")],  # noqa: S104
)
def test_url_leads_to_the_published_address(monkeypatch: pytest.MonkeyPatch, address: str, host: str) -> None:
    found: list[str] = []
    with_engine(monkeypatch, lambda engine, _: found.append(engine.client_host(address)))
    assert found == [host]
