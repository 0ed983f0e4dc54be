"""A replica as a service."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.workload import HttpGet, Network, Replacement, Service, TcpSocket
from components.litellm import component
from components.litellm.component import LAUNCHER, LOADER, STOP_MARGIN_SECONDS, replica
from components.litellm.config_yaml import config_yaml
from components.litellm.environment import (
    BODY_MEMORY,
    CA_BUNDLE,
    GARBAGE_COLLECTION,
    METRICS_ENVIRONMENT,
    MODEL_LOOKUP,
    MODEL_PRICES,
    REDIS_LOG,
    SAVED_SPEND,
    WORKER,
    WORKER_METRICS,
    environment,
    own_variables,
)
from components.litellm.settings import LiteLLMSettings
from components.litellm.worker.start import AGENT_PORT
from tests.unit.components.replicas import ARGS, METRICS
from tests.unit.program import Program, run, stack_config

SECRET = "export KEY=hush\n"


def described(*, metrics: bool = False, **settings: Any) -> Service:
    """Describe a replica."""
    args = replace(ARGS, settings=LiteLLMSettings(**settings), context=METRICS if metrics else ARGS.context)
    return replica(args, "litellm", SECRET)


REPLICA = described(memory_mib=8192)
PROGRAMS = (LAUNCHER, LOADER, REDIS_LOG, BODY_MEMORY, MODEL_LOOKUP, MODEL_PRICES, SAVED_SPEND, GARBAGE_COLLECTION)


@pytest.mark.parametrize("stop_timeout", [0, 30, 3600])
def test_replica_outlasts_its_requests_at_a_stop(stop_timeout: int) -> None:
    settings = LiteLLMSettings(stop_timeout=stop_timeout)
    assert environment(settings)["GRACEFUL_SHUTDOWN_TIMEOUT"] == str(stop_timeout)
    assert described(stop_timeout=stop_timeout).stop_timeout == stop_timeout + STOP_MARGIN_SECONDS > stop_timeout


def test_several_workers_run_under_gunicorn() -> None:
    several = described(workers=2)
    assert "--run_gunicorn" in several.entrypoint[-1]
    assert several.environment["LITELLM_WORKER_STARTUP_HOOKS"] == (
        "redis_log:start,body_memory:start,model_lookup:start,model_prices:start,saved_spend:start"
        ",worker_log:start,worker_end:start,garbage_collection:start"
    )
    assert {"worker_log.py", "worker_end.py"} <= several.programs.keys()
    assert "--run_gunicorn" not in REPLICA.entrypoint[-1]
    assert REPLICA.environment["LITELLM_WORKER_STARTUP_HOOKS"] == (
        "redis_log:start,body_memory:start,model_lookup:start,model_prices:start,saved_spend:start"
        ",garbage_collection:start"
    )


def test_replica_joins_all_networks_and_publishes_nothing() -> None:
    assert set(REPLICA.networks) == set(Network)
    assert REPLICA.ports == ()


def test_replicas_share_an_alias_and_run_side_by_side(program: Program) -> None:
    replicas = [inputs for name, inputs in program.containers.items() if name.startswith("litellm-")]
    aliases = [network["aliases"] for inputs in replicas for network in inputs["networksAdvanced"]]
    assert aliases == [["litellm"]] * 2 * len(replicas)
    assert REPLICA.replacement is Replacement.CREATE_BEFORE_DELETE


def test_config_yaml_is_written_once_for_all_replicas(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def counted(*arguments: Any) -> str:
        texts.append(config_yaml(*arguments))
        return texts[-1]

    monkeypatch.setattr(component, "config_yaml", counted)
    config = stack_config("prod")
    config["gateway:litellm"] = config["gateway:litellm"] | {"replicas": 3}
    program = run(monkeypatch, "prod", config)
    assert sum(name.startswith("litellm-") for name in program.containers) == 3
    assert texts == [program.files("litellm-config")["/etc/gateway/config.yaml"]]


def test_replica_is_healthy_once_it_is_ready() -> None:
    assert "GET /health/readiness " in REPLICA.health.command[-1]
    assert REPLICA.health.request == HttpGet(4000, "/health/readiness")


def test_replica_is_found_by_what_no_busy_worker_delays() -> None:
    assert REPLICA.discovery is not None
    assert REPLICA.discovery.request == TcpSocket(AGENT_PORT)


def test_replica_is_restarted_for_no_fault_of_the_database() -> None:
    assert REPLICA.liveness is not None
    assert REPLICA.liveness.request == HttpGet(4000, "/health/liveliness")


def test_startup_timeout_is_the_health_check_s() -> None:
    health = described(startup_timeout=400).health
    assert (health.start_period, health.deadline) == (400, 400)


def test_memory_and_cpuset_reach_the_container() -> None:
    pinned = replica(replace(ARGS, cpuset="1-3"), "litellm", SECRET)
    assert (REPLICA.memory_mib, REPLICA.cpuset, pinned.cpuset) == (8192, None, "1-3")


def test_replica_waits_for_the_migration_and_the_validation(program: Program) -> None:
    assert {"migration", "validation"} <= program.waits_for("litellm-1")
    labels = {label["label"]: label["value"] for label in program.named("litellm-1")["labels"]}
    assert labels["gateway.schema"] == "sha256:litellm-image"


def test_own_files_stand_beside_config_yaml() -> None:
    own = replica(replace(ARGS, files={"hooks.py": "x = 1\n"}), "litellm", SECRET)
    assert own.config.keys() == {"config.yaml", "hooks.py"}
    assert own.config["hooks.py"] == "x = 1\n"


def test_own_sections_are_in_config_yaml() -> None:
    settings = LiteLLMSettings.model_validate(
        {"config_yaml": {"guardrails": [], "litellm_settings": {"telemetry": False}}}
    )
    text = str(replica(replace(ARGS, settings=settings), "litellm", SECRET).config["config.yaml"])
    assert "guardrails: []" in text
    assert "  telemetry: false" in text


def test_replica_trusts_own_authorities_beside_the_public_ones() -> None:
    trusting = described(ca_certificates="ca.pem")
    assert "/etc/gateway/ca.pem >" + CA_BUNDLE in trusting.entrypoint[-1]
    assert trusting.environment["SSL_CERT_FILE"] == trusting.environment["REQUESTS_CA_BUNDLE"] == CA_BUNDLE
    assert "ca.pem" not in REPLICA.entrypoint[-1]


def test_secrets_are_a_file() -> None:
    assert REPLICA.secrets == {"environment": SECRET}
    assert REPLICA.config == {"config.yaml": config_yaml(LiteLLMSettings().config, ARGS.context)}
    assert REPLICA.programs == {program.name: program.read_text() for program in PROGRAMS}
    assert "hush" not in str(dict(REPLICA.environment)) + " ".join(REPLICA.entrypoint)


def test_scraped_replica_runs_the_metrics_program() -> None:
    scraped = described(metrics=True)
    assert scraped.environment.items() >= METRICS_ENVIRONMENT.items()
    assert scraped.environment["LITELLM_WORKER_STARTUP_HOOKS"] == (
        "redis_log:start,body_memory:start,model_lookup:start,model_prices:start,saved_spend:start"
        ",provider_failures:start,rate_limit_metrics:start,worker_metrics:start,garbage_collection:start"
    )
    assert scraped.programs["worker_metrics.py"] == WORKER_METRICS.read_text()
    assert "def start() -> None:" in str(scraped.programs["worker_metrics.py"])
    assert scraped.programs["metrics_server.py"] == (WORKER / "metrics_server.py").read_text()
    assert scraped.environment["PYTHONPATH"] == "/opt/gateway"
    assert scraped.ports == ()


def test_other_replica_counts_no_metrics() -> None:
    assert not METRICS_ENVIRONMENT.keys() & REPLICA.environment.keys()
    assert not {"worker_metrics.py", "metrics_server.py"} & REPLICA.programs.keys()


def test_secret_file_has_the_stack_s_secrets(program: Program) -> None:
    lines = program.files("litellm-secrets")["/run/secrets/environment"].splitlines()
    assert [line.removeprefix("export ").partition("=")[0] for line in lines] == [
        "DATABASE_URL",
        "LITELLM_MASTER_KEY",
        "LITELLM_SALT_KEY",
        "REDIS_PASSWORD",
    ]


def test_own_variables_are_all_that_a_replica_gets(program: Program) -> None:
    lines = program.files("litellm-secrets")["/run/secrets/environment"].splitlines()
    secret = {line.removeprefix("export ").partition("=")[0] for line in lines}
    most = described(metrics=True, workers=2, max_requests_before_restart=1)
    assert secret
    assert most.environment.keys() | secret <= own_variables()
