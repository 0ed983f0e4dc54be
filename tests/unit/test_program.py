"""What the program promises of every stack."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pulumi
import pytest

from components.data.backup import fingerprint
from components.stack.parts import job_names
from tests.unit.program import IMAGE, PASSWORD, QUIET_HOST, Program, is_secret, program_of, run, stack_config

SECRETS = ("generated-master-key", "generated-salt-key", "generated-postgres-password", "generated-redis-password")
PROVIDER_KEY = "sk-of-a-provider"
JOBS = job_names()


def test_only_the_ingress_publishes_ports_beyond_loopback(program: Program) -> None:
    publishers = {name: container["ports"] for name, container in program.containers.items() if container.get("ports")}
    assert "ingress" in publishers
    assert publishers.keys() <= {"ingress", "grafana"}
    assert {port["ip"] for port in publishers.get("grafana", [])} <= {"127.0.0.1"}


def test_data_stays_on_the_internal_network(program: Program) -> None:
    internal = {
        f"made-{args.name}" for args in program.resources if args.typ.endswith(":Network") and args.inputs["internal"]
    }
    for name in ("postgres", "redis", "backup", "dump"):
        assert {network["name"] for network in program.containers[name]["networksAdvanced"]} == internal


def test_every_container_is_locked_down(program: Program) -> None:
    for name, container in program.containers.items():
        assert container["user"].split(":")[0] not in ("", "0", "root"), name
        assert container["capabilities"] == {"drops": ["ALL"]}, name
        assert container["securityOpts"] == ["no-new-privileges"], name
        assert container["readOnly"] is True, name
        assert not container.get("privileged"), name


def test_every_container_has_limits(program: Program) -> None:
    for name, container in program.containers.items():
        assert container["memory"] == container["memorySwap"] > 0, name
        assert container["logOpts"] == {"max-size": "10m", "max-file": "3"}, name
        assert container["destroyGraceSeconds"] >= 10, name


def test_every_service_is_health_checked_and_restarts(program: Program) -> None:
    for name, container in program.containers.items():
        if name not in JOBS:
            assert container["healthcheck"]["tests"][0] in ("CMD", "CMD-SHELL"), name
            assert container["wait"] is True, name
            assert container["restart"] == "unless-stopped", name


def test_health_checks_start_at_most_two_processes_a_second(prod: Program) -> None:
    intervals = {
        name: int(container["healthcheck"]["interval"].removesuffix("s"))
        for name, container in prod.containers.items()
        if name not in JOBS
    }
    assert sum(1 / seconds for seconds in intervals.values()) <= 2, intervals


def test_data_containers_are_never_started(program: Program) -> None:
    stopped = [args.inputs for args in program.all_containers if args.inputs.get("start") is False]
    assert stopped
    for container in stopped:
        assert container["networkMode"] == "none"
        assert container["mustRun"] is False


def test_environment_arguments_and_labels_hold_no_secret(program: Program) -> None:
    for args in program.all_containers:
        seen = json.dumps({key: value for key, value in args.inputs.items() if key != "uploads"}, default=str)
        assert not [secret for secret in SECRETS if secret in seen], args.name


def test_configuration_files_hold_no_secret(program: Program) -> None:
    for args in program.all_containers:
        if args.name.endswith("-config"):
            assert not [secret for secret in SECRETS if secret in json.dumps(args.inputs["uploads"])], args.name


def test_every_container_has_its_stack_and_workload_as_labels(program: Program) -> None:
    stacks = set()
    for args in program.all_containers:
        labels = {label["label"]: label["value"] for label in args.inputs["labels"]}
        assert labels["gateway.workload"] == args.name
        stacks.add(labels["gateway.stack"])
    assert len(stacks) == 1


def test_only_services_that_stop_first_have_a_fixed_name(program: Program) -> None:
    for name, container in program.containers.items():
        side_by_side = name.startswith("litellm-") or name in ("edge", "provider", *JOBS)
        assert ("name" in container) is not side_by_side, name


def test_secret_files_are_encrypted_in_the_state(program: Program) -> None:
    holders = [args for args in program.all_containers if "uploads" in args.inputs]
    for holder in holders:
        assert is_secret(holder.inputs["uploads"]) is holder.name.endswith("-secrets"), holder.name
    assert {"litellm-secrets", "postgres-secrets", "redis-secrets"} <= {holder.name for holder in holders}


def test_master_key_is_the_only_secret_output(program: Program) -> None:
    assert set(program.exports) == {"proxy_url", "health_url", "master_key"}
    assert program.secret_exports == {"master_key"}


def test_every_reference_in_config_yaml_has_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = dict.fromkeys(("COHERE_API_KEY", "GEMINI_API_KEY", "OLLAMA_API_KEY", "VOYAGE_API_KEY"), PROVIDER_KEY)
    config = stack_config("prod") | {"gateway:provider_keys": keys}
    program = run(monkeypatch, "prod", config, secret_keys=("gateway:provider_keys",))
    referred = set(re.findall(r"os\.environ/(\w+)", program.files("litellm-config")["/etc/gateway/config.yaml"]))
    given = re.findall(r"^export (\w+)=", program.files("litellm-secrets")["/run/secrets/environment"], re.MULTILINE)
    assert referred <= set(given)
    assert keys.keys() <= referred


def test_provider_s_key_is_in_one_secret_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("prod") | {"gateway:provider_keys": {"OLLAMA_API_KEY": PROVIDER_KEY}}
    program = run(monkeypatch, "prod", config, secret_keys=("gateway:provider_keys",))
    holders = [args.name for args in program.resources if PROVIDER_KEY in json.dumps(args.inputs, default=str)]
    assert holders == ["litellm-secrets"]
    assert is_secret(program.named("litellm-secrets")["uploads"])


def test_replica_waits_for_the_migration(program: Program) -> None:
    assert "postgres" in program.waits_for("migration")
    for name in program.containers:
        if name.startswith("litellm-"):
            assert "migration" in program.waits_for(name), name


def test_migration_waits_for_its_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    def labels(program: Program, name: str) -> dict[str, str]:
        return {label["label"]: label["value"] for label in program.named(name)["labels"]}

    images = {"gateway:images": {"litellm": "ghcr.io/berriai/litellm:v1.108.15"}}
    before, after = program_of("prod"), run(monkeypatch, "prod", stack_config("prod") | images)
    assert {"dump", "postgres"} <= before.waits_for("migration")
    assert "postgres" in before.waits_for("dump")
    assert labels(before, "migration")["gateway.dump"] == "yes"
    assert labels(before, "dump")["gateway.migration"] != labels(after, "dump")["gateway.migration"]


def test_backup_service_waits_for_the_migration(program: Program) -> None:
    assert "migration" in program.waits_for("backup")
    assert program.named("backup")["volumes"][-1] == program.named("dump")["volumes"][-1]


def test_manifest_has_the_salt_key_s_fingerprint(program: Program) -> None:
    about = json.loads(program.files("backup-config")["/etc/gateway/stack.json"])
    assert about["salt_key"] == fingerprint("sk-generated-salt-key")


@pytest.mark.parametrize("replicas", [1, 3])
def test_replicas_start_one_after_the_other(monkeypatch: pytest.MonkeyPatch, replicas: int) -> None:
    config = stack_config("prod")
    config["gateway:litellm"] = config["gateway:litellm"] | {"replicas": replicas}
    program = run(monkeypatch, "prod", config)
    names = [f"litellm-{number}" for number in range(1, replicas + 1)]
    assert sorted(name for name in program.containers if name.startswith("litellm-")) == names
    assert "redis" in program.waits_for("litellm-1")
    for before, after in pairwise(names):
        assert before in program.waits_for(after)


def test_edge_waits_for_the_replicas_and_outlives_them(program: Program) -> None:
    replicas = {name for name in program.containers if name.startswith("litellm-")}
    assert replicas <= program.waits_for("edge")
    properties = program.options("edge").propertyDependencies.values()
    inputs = {urn.rsplit("::", 1)[-1] for dependency in properties for urn in dependency.urns}
    assert not replicas & inputs


def test_taken_port_refuses_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = replace(QUIET_HOST, port_holders={4000: "container nginx"})
    with pytest.raises(pulumi.RunError, match=r"edge\.proxy_port: port 4000 is taken by container nginx"):
        run(monkeypatch, "dev", stack_config("dev"), taken)


def test_machine_with_too_little_memory_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    program = run(monkeypatch, "prod", stack_config("prod"), replace(QUIET_HOST, memory_mib=8192))
    assert [line for line in program.warnings if line.startswith("memory: the parts may use ")]


def test_jobs_of_an_update_weigh_less_than_the_replicas_that_serve(program: Program) -> None:
    weights = {name: inputs["cpuShares"] for name, inputs in program.containers.items()}
    assert max(weights[job] for job in JOBS if job in weights) * 4 <= weights["litellm-1"]


def test_failed_jobs_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = replace(QUIET_HOST, failed_attempts={"migration": 3, "validation": 1})
    program = run(monkeypatch, "dev", stack_config("dev"), machine)
    # A dump and its migration run together.
    for job, attempt in (("dump", "3"), ("migration", "3"), ("validation", "1")):
        assert {"label": "gateway.attempt", "value": attempt} in program.named(job)["labels"], job


def test_key_in_clear_refuses_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    config = stack_config("prod") | {"gateway:provider_keys": {"OLLAMA_API_KEY": PROVIDER_KEY}}
    with pytest.raises(pulumi.RunError, match=r"^provider_keys: stands in clear") as caught:
        run(monkeypatch, "prod", config)
    assert PROVIDER_KEY not in str(caught.value)


def test_raised_generation_replaces_the_master_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = program_of("prod")
    after = run(monkeypatch, "prod", stack_config("prod") | {"gateway:master_key_generation": 2})
    passwords = [args.name for args in after.resources if args.typ == PASSWORD]
    assert [name for name in passwords if after.named(name, PASSWORD) != before.named(name, PASSWORD)] == ["master-key"]
    assert after.named("master-key", PASSWORD)["keepers"] == {"generation": "2"}


def test_backup_memory_limits_the_dump_before_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    program = run(monkeypatch, "dev", stack_config("dev") | {"gateway:backup": {"memory_mib": 777}})
    assert (program.named("dump")["memory"], program.named("backup")["memory"]) == (777, 777)


def test_valkey_takes_the_place_of_redis_by_its_image_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    valkey = "docker.io/valkey/valkey:8.1.8-trixie"
    program = run(monkeypatch, "dev", stack_config("dev") | {"gateway:images": {"redis": valkey}})
    assert program.named("valkey-image", IMAGE)["name"] == valkey
    assert program.containers["redis"] == program_of("dev").containers["redis"] | {"image": "sha256:valkey-image"}


def test_every_component_registers_its_outputs(program: Program) -> None:
    made = {args.name for args in program.resources if args.typ.startswith("gateway:index:")}
    assert made
    assert {name for name in made if program.outputs.get(name)} == made


def test_outputs_of_components_have_values(prod: Program) -> None:
    def volume(name: str) -> dict[str, str]:
        return {"volume": f"made-{name}"}

    secrets = prod.outputs["secrets"]
    assert secrets.keys() == {"master_key", "salt_key", "postgres_password", "redis_password"}
    assert all(is_secret(value) for value in secrets.values())
    assert prod.outputs["networks"] == {"data": "made-data-network", "front": "made-front-network"}
    assert prod.outputs["postgres"]["volume"] == "made-postgres-data"
    assert is_secret(prod.outputs["postgres"]["database_url"])
    assert prod.outputs["redis"] == volume("redis-data")
    assert prod.outputs["backup"] == {**volume("backups"), "dumped": "yes"}
    assert prod.outputs["migration"] == {"migrated": "sha256:litellm-image"}
    assert prod.outputs["litellm"] == {"url": "http://litellm:4000", "replicas": 2}
    assert prod.outputs["edge"] == {
        "proxy_url": "http://127.0.0.1:4000",
        "health_url": "http://127.0.0.1:4001/health/liveliness",
    }
    assert prod.outputs["monitoring"] == volume("prometheus-data")
    assert prod.outputs["grafana"] == {"url": "http://127.0.0.1:3000"}


def test_mock_provider_registers_its_url(dev: Program) -> None:
    assert dev.outputs["provider"] == {"url": "http://provider:8090"}
