"""A replica's workload."""

import shlex

import pulumi
import pytest
from pydantic import SecretStr

from components.engine.workload import Network, Replacement
from components.litellm.component import LAUNCHER, workload
from components.litellm.config_yaml import ConfigSettings
from components.litellm.environment import (
    REDIS_LOG,
    environment,
    environment_file,
    own_variables,
    secret_variables,
    start,
)
from components.litellm.settings import LiteLLMSettings
from components.secrets import Secrets
from tests.unit.program import record

WORKLOAD = workload(LiteLLMSettings(memory=8192), "litellm:1.108.14", "model_list: []\n", "export KEY=hush\n", 2)


def test_replicas_leave_the_schema_alone() -> None:
    assert environment(LiteLLMSettings())["DISABLE_SCHEMA_UPDATE"] == "true"


def test_a_replica_believes_the_edge_about_tls_and_the_client() -> None:
    assert environment(LiteLLMSettings())["FORWARDED_ALLOW_IPS"] == "*"


@pytest.mark.parametrize("drain", [0, 30, 3600])
def test_a_replica_has_longer_to_stop_than_its_requests_have_to_end(drain: int) -> None:
    settings = LiteLLMSettings(graceful_shutdown_timeout=drain)
    assert environment(settings)["GRACEFUL_SHUTDOWN_TIMEOUT"] == str(drain)
    assert workload(settings, "image", "", "", 1).stop_seconds > drain


def test_each_worker_is_a_process() -> None:
    assert environment(LiteLLMSettings(workers=4))["NUM_WORKERS"] == "4"


def test_workers_are_replaced_after_so_many_requests() -> None:
    settings = LiteLLMSettings(max_requests_before_restart=500, max_requests_before_restart_jitter=50)
    assert environment(settings)["MAX_REQUESTS_BEFORE_RESTART"] == "500"
    assert environment(settings)["MAX_REQUESTS_BEFORE_RESTART_JITTER"] == "50"


def test_workers_are_left_alone_unless_a_number_is_set() -> None:
    names = environment(LiteLLMSettings())
    assert not [name for name in names if name.startswith("MAX_REQUESTS")]


def test_several_workers_have_a_parent_that_starts_the_next_at_once() -> None:
    several = workload(LiteLLMSettings(workers=2), "image", "", "", 1)
    assert "--run_gunicorn" in several.entrypoint[-1]
    assert several.environment["LITELLM_WORKER_STARTUP_HOOKS"] == "redis_log:start,worker_log:start,worker_end:start"
    assert {"worker_log.py", "worker_end.py"} <= several.programs.keys()
    assert "--run_gunicorn" not in WORKLOAD.entrypoint[-1]
    assert WORKLOAD.environment["LITELLM_WORKER_STARTUP_HOOKS"] == "redis_log:start"


def test_a_retry_policy_is_not_multiplied_by_the_client_below_the_router() -> None:
    policies = {"set": ConfigSettings(), "null": ConfigSettings(retry_policy=None)}
    told = {name: environment(LiteLLMSettings(config=config)) for name, config in policies.items()}
    assert told["set"]["DEFAULT_MAX_RETRIES"] == "0"
    assert "DEFAULT_MAX_RETRIES" not in told["null"]


def test_prices_come_with_the_release() -> None:
    assert environment(LiteLLMSettings())["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"


@pytest.mark.parametrize("docs", [True, False])
def test_interactive_documentation_is_served_only_where_asked_for(docs: bool) -> None:  # noqa: FBT001
    off = [name for name in environment(LiteLLMSettings(docs=docs)) if name.startswith("NO_")]
    assert off == ([] if docs else ["NO_DOCS", "NO_REDOC", "NO_OPENAPI"])


def test_a_replica_joins_all_networks_and_publishes_nothing() -> None:
    assert set(WORKLOAD.networks) == set(Network)
    assert WORKLOAD.ports == ()


def test_replicas_stand_side_by_side_behind_one_alias() -> None:
    assert (WORKLOAD.name, WORKLOAD.alias) == ("litellm-2", "litellm")
    assert WORKLOAD.replacement is Replacement.CREATE_BEFORE_DELETE


def test_a_replica_serves_once_it_is_ready() -> None:
    assert "http://127.0.0.1:4000/health/readiness" in WORKLOAD.health.command[-1]


def test_a_slow_start_is_no_failure_before_its_deadline() -> None:
    health = workload(LiteLLMSettings(start_deadline=400), "image", "", "", 1).health
    assert (health.start_period, health.deadline) == (400, 400)


def test_secrets_go_by_file_alone() -> None:
    assert WORKLOAD.secrets == {"environment": "export KEY=hush\n"}
    assert WORKLOAD.config == {"config.yaml": "model_list: []\n"}
    assert WORKLOAD.programs == {"start.py": LAUNCHER.read_text(), "redis_log.py": REDIS_LOG.read_text()}
    assert "hush" not in str(dict(WORKLOAD.environment)) + " ".join(WORKLOAD.entrypoint)


def test_the_shell_loads_the_secrets_and_gives_way_to_the_command() -> None:
    assert start("litellm", "--config", "a b") == (
        "sh",
        "-c",
        ". /run/secrets/environment && exec litellm --config 'a b'",
    )


def test_the_secret_file_is_sorted_and_quoted_for_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def body() -> None:
        values: dict[str, pulumi.Input[str]] = {"B_KEY": "it's $HOME", "A_KEY": pulumi.Output.secret("plain")}
        environment_file(values).apply(written.append)

    record(monkeypatch, "test", body)
    lines = written[0].splitlines()
    assert lines[0] == "export A_KEY=plain"
    assert shlex.split(lines[1]) == ["export", "B_KEY=it's $HOME"]


def test_the_stack_s_secrets_and_the_providers_keys_are_what_the_file_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def body() -> None:
        variables = secret_variables(Secrets(protect=False), {"OPENAI_API_KEY": SecretStr("hush")})
        names.extend(sorted(variables))
        for name, value in variables.items():
            pulumi.export(name, value)

    program = record(monkeypatch, "test", body)
    assert program.secret_exports == set(names)
    assert names == ["DATABASE_URL", "LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "OPENAI_API_KEY", "REDIS_PASSWORD"]


def test_no_variable_that_a_replica_gets_is_missing_among_the_gateway_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    secret: set[str] = set()
    record(monkeypatch, "test", lambda: secret.update(secret_variables(Secrets(protect=False), {})))
    most = LiteLLMSettings(workers=2, max_requests_before_restart=1)
    given = set(workload(most, "image", "", "", 1, metrics=True).environment) | secret
    assert given
    assert given <= own_variables()
