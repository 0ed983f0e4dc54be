import json
import re
from dataclasses import replace
from itertools import pairwise

import pulumi
import pytest

from components.data.backup import fingerprint
from components.engine.preflight import RUN_ONCE
from tests.unit.program import PASSWORD, QUIET_HOST, Program, is_secret, run, stack_config

SECRETS = ("generated-master-key", "generated-salt-key", "generated-postgres-password", "generated-redis-password")
PROVIDER_KEY = "sk-of-a-provider"


def test_only_the_ingress_publishes_host_ports_beyond_loopback(program: Program) -> None:
    publishers = {name: container["ports"] for name, container in program.containers.items() if container.get("ports")}
    assert "ingress" in publishers
    assert publishers.keys() <= {"ingress", "grafana"}
    assert {port["ip"] for port in publishers.get("grafana", [])} <= {"127.0.0.1"}


def test_postgres_and_redis_join_only_the_network_without_a_way_out(program: Program) -> None:
    internal = {
        f"made-{args.name}" for args in program.resources if args.typ.endswith(":Network") and args.inputs["internal"]
    }
    for name in ("postgres", "redis", "backup", "dump"):
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
        if name not in RUN_ONCE:
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
    stacks = set()
    for args in program.all_containers:
        labels = {label["label"]: label["value"] for label in args.inputs["labels"]}
        assert labels["gateway.workload"] == args.name
        stacks.add(labels["gateway.stack"])
    assert len(stacks) == 1


def test_replicas_and_edges_have_no_fixed_name_so_that_old_and_new_can_stand_side_by_side(program: Program) -> None:
    for name, container in program.containers.items():
        side_by_side = name.startswith("litellm-") or name in ("edge", "provider", *RUN_ONCE)
        assert ("name" in container) is not side_by_side, name


def test_files_with_secrets_are_encrypted_in_the_state_and_hidden_in_previews(program: Program) -> None:
    carriers = [args for args in program.all_containers if "uploads" in args.inputs]
    for carrier in carriers:
        assert is_secret(carrier.inputs["uploads"]) is carrier.name.endswith("-secrets"), carrier.name
    assert {"litellm-secrets", "postgres-secrets", "redis-secrets"} <= {carrier.name for carrier in carriers}


def test_the_master_key_alone_is_exported_as_a_secret(program: Program) -> None:
    assert set(program.exports) == {"proxy_url", "health_url", "master_key"}
    assert program.secret_exports == {"master_key"}


def test_every_reference_of_config_yaml_is_in_the_replicas_secret_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = dict.fromkeys(("COHERE_API_KEY", "GEMINI_API_KEY", "OLLAMA_API_KEY", "VOYAGE_API_KEY"), PROVIDER_KEY)
    config = stack_config("prod") | {"gateway:keys": keys}
    program = run(monkeypatch, "prod", config, secret_keys=("gateway:keys",))
    referred = set(re.findall(r"os\.environ/(\w+)", program.files("litellm-config")["/etc/gateway/config.yaml"]))
    given = re.findall(r"^export (\w+)=", program.files("litellm-secrets")["/run/secrets/environment"], re.MULTILINE)
    assert referred <= set(given)
    assert keys.keys() <= referred


def test_a_provider_s_key_stands_in_the_replicas_secret_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("prod") | {"gateway:keys": {"OLLAMA_API_KEY": PROVIDER_KEY}}
    program = run(monkeypatch, "prod", config, secret_keys=("gateway:keys",))
    holders = [args.name for args in program.resources if PROVIDER_KEY in json.dumps(args.inputs, default=str)]
    assert holders == ["litellm-secrets"]
    assert is_secret(program.named("litellm-secrets")["uploads"])


def test_replicas_wait_for_the_migration_and_the_migration_for_the_database(program: Program) -> None:
    assert "postgres" in program.waits_for("migration")
    for name in program.containers:
        if name.startswith("litellm-"):
            assert "migration" in program.waits_for(name), name


def test_a_dump_gates_the_migration_and_runs_again_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def labels(program: Program, name: str) -> dict[str, str]:
        return {label["label"]: label["value"] for label in program.named(name)["labels"]}

    config = stack_config("prod")
    before, after = (
        run(monkeypatch, "prod", config | {"gateway:images": {"litellm": f"ghcr.io/berriai/litellm:v1.108.{patch}"}})
        for patch in (14, 15)
    )
    assert {"dump", "postgres"} <= before.waits_for("migration")
    assert "postgres" in before.waits_for("dump")
    assert labels(before, "migration")["gateway.dump"] == "yes"
    assert labels(before, "dump")["gateway.migration"] != labels(after, "dump")["gateway.migration"]


def test_dumps_by_the_clock_begin_on_the_migrated_schema(program: Program) -> None:
    assert "migration" in program.waits_for("backup")
    assert program.named("backup")["volumes"][-1] == program.named("dump")["volumes"][-1]


def test_the_salt_key_s_fingerprint_is_shown_and_the_key_is_not(program: Program) -> None:
    about = json.loads(program.files("backup-config")["/etc/gateway/stack.json"])
    assert about["salt_key"] == fingerprint("sk-generated-salt-key")


@pytest.mark.parametrize("replicas", [1, 3])
def test_replicas_are_as_many_as_asked_for_and_change_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, replicas: int
) -> None:
    config = stack_config("prod")
    config["gateway:litellm"] = config["gateway:litellm"] | {"replicas": replicas}
    program = run(monkeypatch, "prod", config)
    names = [f"litellm-{number}" for number in range(1, replicas + 1)]
    assert sorted(name for name in program.containers if name.startswith("litellm-")) == names
    assert "redis" in program.waits_for("litellm-1")
    for before, after in pairwise(names):
        assert before in program.waits_for(after)


def test_the_edge_starts_after_the_replicas_and_is_not_replaced_with_them(program: Program) -> None:
    replicas = {name for name in program.containers if name.startswith("litellm-")}
    assert replicas <= program.waits_for("edge")
    properties = program.options("edge").propertyDependencies.values()
    inputs = {urn.rsplit("::", 1)[-1] for dependency in properties for urn in dependency.urns}
    assert not replicas & inputs


def test_a_taken_port_refuses_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = replace(QUIET_HOST, holders={4000: "container nginx"})
    with pytest.raises(pulumi.RunError, match=r"edge\.proxy_port: port 4000 is taken by container nginx"):
        run(monkeypatch, "dev", stack_config("dev"), taken)


def test_a_failed_migration_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = replace(QUIET_HOST, free_gib=None, migration_attempt=3)
    labels = run(monkeypatch, "dev", stack_config("dev"), machine).named("migration")["labels"]
    assert {"label": "gateway.attempt", "value": "3"} in labels


def test_a_key_in_clear_refuses_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("prod") | {"gateway:keys": {"OLLAMA_API_KEY": PROVIDER_KEY}}
    with pytest.raises(pulumi.RunError, match=r"^keys: stands in clear") as caught:
        run(monkeypatch, "prod", config)
    assert PROVIDER_KEY not in str(caught.value)


def test_a_raised_generation_replaces_the_master_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(monkeypatch, "prod", stack_config("prod"))
    after = run(monkeypatch, "prod", stack_config("prod") | {"gateway:master_key_generation": 2})
    passwords = [args.name for args in after.resources if args.typ == PASSWORD]
    assert [name for name in passwords if after.named(name, PASSWORD) != before.named(name, PASSWORD)] == ["master-key"]
    assert after.named("master-key", PASSWORD)["keepers"] == {"generation": "2"}
