"""What differs between the stacks."""

import re
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.images.policy import Pinning
from tests.unit.program import (
    IMAGE,
    PASSWORD,
    QUIET_HOST,
    STACKS,
    VOLUME,
    Program,
    program_of,
    run,
    stack_config,
)

SHARING = ("dev", "staging")
"""Stacks that may run on one host at the same time."""
EXACT = {
    Pinning.ANY: r".",
    Pinning.VERSION: r":v?\d+\.\d+|@sha256:[0-9a-f]{64}$",
    Pinning.DIGEST: r"@sha256:[0-9a-f]{64}$",
}


def host_ports(stack: str) -> list[int]:
    return [int(port["external"]) for port in program_of(stack).containers["ingress"]["ports"]]


def with_litellm_image(stack: str, reference: str) -> dict[str, Any]:
    config = stack_config(stack)
    return config | {"gateway:images": {**config.get("gateway:images", {}), "litellm": reference}}


def test_stacks_on_one_host_have_different_ports() -> None:
    ports = [port for stack in SHARING for port in host_ports(stack)]
    assert len(ports) == len(set(ports)) == 2 * len(SHARING)


@pytest.mark.parametrize("stack", STACKS)
def test_every_image_is_pinned_as_the_stack_demands(stack: str) -> None:
    pinning = Pinning(stack_config(stack).get("gateway:images", {}).get("pinning", "any"))
    images = [args.inputs["name"] for args in program_of(stack).resources if args.typ == IMAGE]
    monitored = stack in ("staging", "prod")
    assert len(images) == (8 if monitored else 4)
    assert [image for image in images if not re.search(EXACT[pinning], image)] == []


@pytest.mark.parametrize("stack", ["staging", "prod"])
@pytest.mark.parametrize("tag", ["main-stable", "latest"])
def test_moving_tag_is_refused(monkeypatch: pytest.MonkeyPatch, stack: str, tag: str) -> None:
    with pytest.raises(pulumi.RunError, match=rf"^images\.litellm: \S+:{tag} is on a tag that moves"):
        run(monkeypatch, stack, with_litellm_image(stack, f"ghcr.io/berriai/litellm:{tag}"))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("version", ["1.82.7", "1.82.8", "1.83.4", "1.103.0"])
def test_bad_release_is_refused_everywhere(monkeypatch: pytest.MonkeyPatch, stack: str, version: str) -> None:
    with pytest.raises(pulumi.RunError, match=rf"^images\.litellm: LiteLLM {re.escape(version)} must not run"):
        run(monkeypatch, stack, with_litellm_image(stack, f"ghcr.io/berriai/litellm:v{version}"))


@pytest.mark.parametrize("stack", STACKS)
def test_staging_and_prod_protect_data_and_salt_key(stack: str) -> None:
    relied_on = stack in ("staging", "prod")
    program = program_of(stack)
    for volume in ("postgres-data", "redis-data", "backups"):
        options = program.options(volume, VOLUME)
        assert (options.protect, options.retainOnDelete) == (relied_on, relied_on), volume
    assert program.options("salt-key", PASSWORD).protect is relied_on


def test_production_has_no_mock_provider(prod: Program) -> None:
    assert "provider" not in prod.containers
    assert "http://provider:" not in prod.files("litellm-config")["/etc/gateway/config.yaml"]


def test_development_needs_no_key(dev: Program) -> None:
    config = dev.files("litellm-config")["/etc/gateway/config.yaml"]
    given = set(re.findall(r"^export (\w+)=", dev.files("litellm-secrets")["/run/secrets/environment"], re.MULTILINE))
    assert "provider" in dev.containers
    assert set(re.findall(r"os\.environ/(\w+)", config)) <= given
    assert not [name for name in given if name.endswith("_API_KEY")]


def test_development_is_not_warned_of_keys(dev: Program) -> None:
    assert [warning for warning in dev.warnings if "has no key" in warning] == []


def test_model_without_its_key_is_a_warning(prod: Program) -> None:
    cure = "pulumi config set --secret --path 'gateway:provider_keys.OLLAMA_API_KEY'"
    assert f"model gpt-oss-120b-cloud has no key: `{cure}`" in prod.warnings


def test_production_is_hardened_and_the_baseline_is_not() -> None:
    before, after = (program_of(stack).containers["litellm-1"] for stack in ("baseline", "prod"))
    assert not [env for env in before["envs"] if env.startswith("MAX_REQUESTS")]
    assert "MAX_REQUESTS_BEFORE_RESTART=10000" in after["envs"]
    assert before["stopTimeout"] < 60
    assert after["stopTimeout"] > 3600
    assert "litellm-2" in program_of("prod").containers


def test_risky_size_is_refused_in_production_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_little_memory(stack: str) -> dict[str, Any]:
        config = stack_config(stack)
        return config | {"gateway:litellm": {**config["gateway:litellm"], "memory_mib": 2048}}

    with pytest.raises(pulumi.RunError, match=r"^litellm\.memory_mib: 2048 MiB is too little"):
        run(monkeypatch, "prod", with_little_memory("prod"))
    warnings = run(monkeypatch, "staging", with_little_memory("staging")).warnings
    assert [warning for warning in warnings if warning.startswith("litellm.memory_mib: 2048 MiB is too little")]


@pytest.mark.parametrize(("processors", "warned"), [(3, True), (4, False)])
def test_more_workers_than_processors_are_a_warning(
    monkeypatch: pytest.MonkeyPatch, processors: int, *, warned: bool
) -> None:
    warnings = run(monkeypatch, "prod", stack_config("prod"), replace(QUIET_HOST, processors=processors)).warnings
    assert [warning.startswith("litellm.workers: ") for warning in warnings if "processors" in warning] == [
        True
    ] * warned


def test_only_development_stores_models_in_the_database() -> None:
    stored = {
        stack: "store_model_in_db: true" in program_of(stack).files("litellm-config")["/etc/gateway/config.yaml"]
        for stack in STACKS
    }
    assert stored == {"dev": True, "staging": False, "prod": False}


def test_staging_and_prod_dump_daily() -> None:
    schedules = {stack: program_of(stack).named("backup")["envs"] for stack in STACKS}
    daily = {stack for stack, envs in schedules.items() if "SCHEDULE=null" not in envs}
    assert daily == {"staging", "prod"}
