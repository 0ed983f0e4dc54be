import json
from typing import Any

import pulumi
import pytest

from components.host import Host
from tests.unit.program import QUIET_HOST, STACKS, Program, run, stack_config

SECRETS = ("generated-master-key", "generated-salt-key", "generated-postgres-password", "generated-redis-password")


def test_only_the_edge_publishes_host_ports(program: Program) -> None:
    assert [name for name, container in program.containers.items() if container.get("ports")] == ["edge"]


def test_postgres_and_redis_join_only_the_network_without_a_way_out(program: Program) -> None:
    internal = {
        args.inputs["name"] for args in program.resources if args.typ.endswith(":Network") and args.inputs["internal"]
    }
    for name in ("postgres", "redis"):
        assert {network["name"] for network in program.containers[name]["networksAdvanced"]} == internal


def test_every_container_runs_without_root_capabilities_and_writable_root(program: Program) -> None:
    for name, container in program.containers.items():
        assert container["user"].split(":")[0] not in ("", "0", "root"), name
        assert container["capabilities"] == {"drops": ["ALL"]}, name
        assert container["securityOpts"] == ["no-new-privileges"], name
        assert container["readOnly"] is True, name
        assert not container.get("privileged"), name


def test_every_container_has_a_memory_limit_log_rotation_and_time_to_stop(program: Program) -> None:
    for name, container in program.containers.items():
        assert container["memory"] == container["memorySwap"] > 0, name
        assert container["logOpts"] == {"max-size": "10m", "max-file": "3"}, name
        assert container["destroyGraceSeconds"] >= 10, name


def test_every_long_running_container_is_waited_for_until_healthy_and_restarts(program: Program) -> None:
    for name, container in program.containers.items():
        if name != "migration":
            assert container["healthcheck"]["tests"][0] in ("CMD", "CMD-SHELL"), name
            assert container["wait"] is True, name
            assert container["restart"] == "unless-stopped", name


def test_containers_that_only_carry_files_are_never_started(program: Program) -> None:
    carriers = [args.inputs for args in program.all_containers if args.inputs.get("start") is False]
    assert carriers
    for carrier in carriers:
        assert carrier["networkMode"] == "none"
        assert carrier["mustRun"] is False


def test_no_secret_stands_in_environment_arguments_or_labels(program: Program) -> None:
    for args in program.all_containers:
        seen = json.dumps({key: value for key, value in args.inputs.items() if key != "uploads"}, default=str)
        assert not [secret for secret in SECRETS if secret in seen], args.name


def test_configuration_files_hold_no_secret_so_that_previews_may_show_them(program: Program) -> None:
    for args in program.all_containers:
        if args.name.endswith("-config"):
            assert not [secret for secret in SECRETS if secret in json.dumps(args.inputs["uploads"])], args.name


def test_every_container_is_labelled_with_its_stack_and_workload(program: Program) -> None:
    for args in program.all_containers:
        labels = {label["label"]: label["value"] for label in args.inputs["labels"]}
        assert labels["gateway.workload"] == args.name


def test_replicas_have_no_fixed_name_so_that_old_and_new_can_stand_side_by_side(program: Program) -> None:
    for name, container in program.containers.items():
        assert ("name" in container) is (not name.startswith("litellm-") and name != "migration"), name


def test_the_master_key_is_exported_as_a_secret(program: Program) -> None:
    assert set(program.exports) == {"proxy_url", "health_url", "master_key"}


def test_a_taken_port_refuses_the_stack_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Host(free_gib=100.0, holders={4000: "container nginx"}, missing_images=(), migration_attempt=0)
    monkeypatch.setattr("components.host.observe", lambda *_: taken)
    with pytest.raises(pulumi.RunError, match=r"edge\.proxy_port: port 4000 is taken by container nginx"):
        run(monkeypatch, "dev", stack_config("dev"), taken)


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_asks_for_its_own_ports(stack: str) -> None:
    others: list[Any] = [
        stack_config(other).get("gateway:edge", {}).get("proxy_port", 4000) for other in STACKS if other != stack
    ]
    own = stack_config(stack).get("gateway:edge", {}).get("proxy_port", 4000)
    assert stack in ("dev", "prod") or own not in others


def test_a_failed_migration_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Host(free_gib=None, holders={}, missing_images=(), migration_attempt=3)
    labels = run(monkeypatch, "dev", stack_config("dev"), machine).named("migration")["labels"]
    assert {"label": "gateway.attempt", "value": "3"} in labels
    assert QUIET_HOST.migration_attempt == 0
