"""The environment of a replica."""

import shlex

import pulumi
import pytest

from components.litellm.component import LAUNCHER, LOADER
from components.litellm.config_settings import ConfigSettings
from components.litellm.environment import (
    BODY_MEMORY,
    GARBAGE_COLLECTION,
    METRICS_ENVIRONMENT,
    METRICS_PORT,
    MODEL_LOOKUP,
    MODEL_PRICES,
    PROVIDER_FAILURES,
    RATE_LIMIT_METRICS,
    REDIS_LOG,
    SAVED_SPEND,
    SECRET_NAMES,
    UI_FOLDER,
    WORKER,
    WORKER_END,
    WORKER_LOG,
    WORKER_METRICS,
    entrypoint,
    environment,
    environment_file,
    hook_environment,
    is_reserved,
    own_variables,
    startup_hooks,
)
from components.litellm.settings import LiteLLMSettings, LogLevel
from components.litellm.worker.start import AGENT_PORT, METRICS_SERVER
from tests.unit.program import record


def test_replicas_leave_the_schema_alone() -> None:
    assert environment(LiteLLMSettings())["DISABLE_SCHEMA_UPDATE"] == "true"


def test_replica_trusts_the_edge_about_tls_and_the_client() -> None:
    assert environment(LiteLLMSettings())["FORWARDED_ALLOW_IPS"] == "*"


def test_each_worker_is_a_process() -> None:
    assert environment(LiteLLMSettings(workers=4))["NUM_WORKERS"] == "4"


def test_log_level_is_the_setting() -> None:
    assert environment(LiteLLMSettings(log_level=LogLevel.WARNING))["LITELLM_LOG"] == "WARNING"


def test_workers_are_replaced_after_the_set_number_of_requests() -> None:
    settings = LiteLLMSettings(max_requests_before_restart=500, max_requests_before_restart_jitter=50)
    assert environment(settings)["MAX_REQUESTS_BEFORE_RESTART"] == "500"
    assert environment(settings)["MAX_REQUESTS_BEFORE_RESTART_JITTER"] == "50"


def test_workers_are_not_replaced_by_default() -> None:
    names = environment(LiteLLMSettings())
    assert not [name for name in names if name.startswith("MAX_REQUESTS")]


def test_only_the_router_retries() -> None:
    policies = {"set": ConfigSettings(), "null": ConfigSettings(retry_policy=None)}
    found = {name: environment(LiteLLMSettings(config=config)) for name, config in policies.items()}
    assert found["set"]["DEFAULT_MAX_RETRIES"] == "0"
    assert "DEFAULT_MAX_RETRIES" not in found["null"]


def test_prices_come_with_the_release() -> None:
    assert environment(LiteLLMSettings())["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"


@pytest.mark.parametrize("docs", [True, False])
def test_interactive_documentation_is_the_setting(docs: bool) -> None:  # noqa: FBT001
    off = [name for name in environment(LiteLLMSettings(docs=docs)) if name.startswith("NO_")]
    assert off == ([] if docs else ["NO_DOCS", "NO_REDOC", "NO_OPENAPI"])


def test_shell_loads_the_secrets_and_becomes_the_command() -> None:
    assert entrypoint("litellm", "--config", "a b") == (
        "sh",
        "-c",
        ". /run/secrets/environment && exec litellm --config 'a b'",
    )


def test_secret_file_is_sorted_and_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def body() -> None:
        values: dict[str, pulumi.Input[str]] = {"B_KEY": "it's $HOME", "A_KEY": pulumi.Output.secret("plain")}
        environment_file(values).apply(written.append)

    record(monkeypatch, "test", body)
    lines = written[0].splitlines()
    assert lines[0] == "export A_KEY=plain"
    assert shlex.split(lines[1]) == ["export", "B_KEY=it's $HOME"]


ALWAYS = (REDIS_LOG, BODY_MEMORY, MODEL_LOOKUP, MODEL_PRICES, SAVED_SPEND)
"""Hooks of every replica."""
SCRAPED = (PROVIDER_FAILURES, RATE_LIMIT_METRICS, WORKER_METRICS)
"""Hooks of a replica that Prometheus scrapes."""


@pytest.mark.parametrize(
    ("workers", "metrics", "hooks"),
    [
        (1, False, [*ALWAYS, GARBAGE_COLLECTION]),
        (2, False, [*ALWAYS, WORKER_LOG, WORKER_END, GARBAGE_COLLECTION]),
        (1, True, [*ALWAYS, *SCRAPED, GARBAGE_COLLECTION]),
        (2, True, [*ALWAYS, WORKER_LOG, WORKER_END, *SCRAPED, GARBAGE_COLLECTION]),
    ],
)
def test_startup_hooks_fit_workers_and_metrics(workers: int, metrics: bool, hooks: list[object]) -> None:  # noqa: FBT001
    assert startup_hooks(LiteLLMSettings(workers=workers), metrics=metrics) == hooks


def test_hooks_are_named_as_litellm_imports_them() -> None:
    assert hook_environment([REDIS_LOG, WORKER_LOG]) == {
        "LITELLM_WORKER_STARTUP_HOOKS": "redis_log:start,worker_log:start",
        "PYTHONPATH": "/opt/gateway",
        "PYTHONFAULTHANDLER": "1",
    }


def test_every_program_of_the_worker_folder_is_used() -> None:
    used = {LAUNCHER, LOADER, *startup_hooks(LiteLLMSettings(workers=2), metrics=True, external_postgres=True)}
    assert used | {METRICS_SERVER} == {file for file in WORKER.rglob("*.py") if file.name != "__init__.py"}


def test_outgoing_proxy_is_for_hosts_outside_the_stack() -> None:
    found = environment(LiteLLMSettings(outgoing_proxy="http://proxy:3128", no_proxy=("intern.example", "redis")))
    assert found["HTTP_PROXY"] == found["HTTPS_PROXY"] == "http://proxy:3128"
    assert found["NO_PROXY"] == "postgres,redis,provider,localhost,127.0.0.1,intern.example"
    assert not [name for name in environment(LiteLLMSettings(no_proxy=("a",))) if "PROXY" in name]


def test_root_path_needs_a_folder_for_the_ui() -> None:
    found = environment(LiteLLMSettings(root_path="/llm"))
    assert (found["SERVER_ROOT_PATH"], found["LITELLM_UI_PATH"]) == ("/llm", UI_FOLDER)
    assert "SERVER_ROOT_PATH" not in environment(LiteLLMSettings())


def test_ui_username_is_set_where_it_differs() -> None:
    assert environment(LiteLLMSettings(ui_username="anna"))["UI_USERNAME"] == "anna"
    assert "UI_USERNAME" not in environment(LiteLLMSettings())


def test_own_variables_are_added() -> None:
    assert environment(LiteLLMSettings(environment={"LANGFUSE_HOST": "http://l"}))["LANGFUSE_HOST"] == "http://l"


def test_variables_of_every_setting_are_the_gateway_s_own() -> None:
    most = LiteLLMSettings(
        workers=2,
        max_requests_before_restart=1,
        outgoing_proxy="http://proxy:3128",
        ca_certificates="ca.pem",
        root_path="/llm",
        ui_username="anna",
    )
    names = environment(most).keys() | environment(LiteLLMSettings(docs=True)).keys()
    assert names <= own_variables()
    assert SECRET_NAMES | METRICS_ENVIRONMENT.keys() | {"PYTHONPATH"} <= own_variables()
    assert all(map(is_reserved, own_variables()))


def test_variables_that_would_lead_a_replica_elsewhere_are_reserved() -> None:
    assert all(map(is_reserved, ("PATH", "LD_AUDIT", "PYTHONINSPECT", "REDIS_URL", "DATABASE_HOST")))
    assert not any(map(is_reserved, ("LANGFUSE_HOST", "PG_VECTOR_API_BASE", "ENVIRONMENT", "LDAP_HOST")))


def test_metrics_have_a_port_of_their_own() -> None:
    assert METRICS_PORT not in (4000, AGENT_PORT)
