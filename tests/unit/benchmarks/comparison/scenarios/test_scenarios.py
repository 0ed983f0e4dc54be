"""What scenarios compute of the answers, and how they make their sides."""

import pytest

from benchmarks.attack import Answer, Attack
from benchmarks.comparison.scenarios.deployments.no_change import resources
from benchmarks.comparison.scenarios.program import copies
from benchmarks.comparison.scenarios.promises.health import unhealthy
from benchmarks.comparison.scenarios.promises.load import latencies
from benchmarks.comparison.sides.bare_program import DECLARE, LABEL
from benchmarks.comparison.sides.beside import Config, Variables, secrets_of
from benchmarks.comparison.sides.gateways import configuration
from benchmarks.comparison.sides.variants import (
    alone,
    with_all_metrics,
    without_hook,
    without_metrics,
    without_user_agent_tags,
)
from components.engine.labels import STACK_LABEL
from components.litellm.environment import RATE_LIMIT_METRICS, STARTUP_HOOKS
from tests.unit.program import IMAGE, program_of

ENVIRONMENT: Variables = {
    STARTUP_HOOKS: "redis_log:start,provider_failures:start,rate_limit_metrics:start,worker_metrics:start",
    "PYTHONPATH": "/opt/gateway",
    "GATEWAY_METRICS_PORT": "4003",
    "PROMETHEUS_MULTIPROC_DIR": "/metrics",
    "NUM_WORKERS": "2",
}


def answer(seconds: float, status: int = 200, overhead: float | None = None) -> Answer:
    return Answer(0, seconds, status, "", cut=False, retry_after=False, overhead=overhead)


def test_latencies_are_in_milliseconds() -> None:
    load = Attack([answer(place / 100, overhead=place / 1000) for place in range(100)])
    assert latencies(load) == {
        "whole_p50": pytest.approx(500),
        "whole_p99": pytest.approx(990),
        "overhead_p50": pytest.approx(50),
        "overhead_p99": pytest.approx(99),
    }


def test_answers_without_the_header_have_no_overhead() -> None:
    assert list(latencies(Attack([answer(1)]))) == ["whole_p50", "whole_p99"]


def test_a_failed_or_late_probe_is_unhealthy() -> None:
    assert unhealthy(Attack([answer(0.1), answer(5.1), answer(0.1, status=503), answer(4.9)])) == 2


@pytest.mark.parametrize("stack", ["prod", "baseline"])
def test_a_side_has_its_stack_s_own_settings_in_one_replica(stack: str) -> None:
    found = configuration(stack)
    litellm = found["gateway:litellm"]
    assert litellm["replicas"] == 1
    assert litellm["config"]["proxy_batch_write_at"] == {"prod": 60, "baseline": 10}[stack]
    assert litellm["workers"] == {"prod": 2, "baseline": 1}[stack]
    assert ("gateway:monitoring" in found) == (stack == "prod")
    assert found["gateway:mock_provider"] == {"enabled": True}
    assert not {"gateway:production", "gateway:protect", "gateway:backup"} & found.keys()


def test_litellm_alone_has_no_program_of_this_project() -> None:
    assert alone(ENVIRONMENT) == {"NUM_WORKERS": "2", "TIMEOUT_WORKER_HEALTHCHECK": "3600"}


def test_a_replica_without_a_hook_keeps_the_others() -> None:
    found = without_hook(ENVIRONMENT, RATE_LIMIT_METRICS)
    assert found == ENVIRONMENT | {STARTUP_HOOKS: "redis_log:start,provider_failures:start,worker_metrics:start"}


def test_a_copy_differs_in_one_way() -> None:
    config: Config = {
        "litellm_settings": {
            "callbacks": ["prometheus"],
            "prometheus_exclude_labels": ["x"],
            "prometheus_metrics_config": [],
            "cache": True,
        },
        "general_settings": {"use_redis_transaction_buffer": True, "proxy_batch_write_at": 60},
    }
    assert without_metrics(config) == {**config, "litellm_settings": {"cache": True}}
    all_metrics = {"callbacks": ["prometheus"], "prometheus_exclude_labels": ["x"], "cache": True}
    assert with_all_metrics(config) == {**config, "litellm_settings": all_metrics}
    without_tags = config["litellm_settings"] | {"disable_add_user_agent_to_request_tags": True}
    assert without_user_agent_tags(config) == {**config, "litellm_settings": without_tags}


def test_secrets_are_read_from_their_file() -> None:
    text = "export A='b c'\nexport URL=postgres://u:p@h/d?x=y\n"
    assert secrets_of(text) == {"A": "b c", "URL": "postgres://u:p@h/d?x=y"}


def test_a_catalogue_grows_by_copies_under_other_names() -> None:
    files = {"a.yaml": "first", "b.yaml": "second"}
    found = copies(files, 5)
    assert len(found) == 5
    assert files.items() <= found.items()
    assert sorted(found.values()) == ["first", "first", "first", "second", "second"]


def test_a_stack_s_resources_are_counted_by_type() -> None:
    volume = {"type": "docker:index/volume:Volume", "custom": True}
    exported = [
        {"type": "pulumi:pulumi:Stack", "custom": False},
        {"type": "pulumi:providers:docker", "custom": True},
        {"type": "gateway:index:Redis", "custom": False},
        {"type": "docker:index/remoteImage:RemoteImage", "custom": True, "inputs": {"name": "redis:7"}},
        {"type": "docker:index/container:Container", "custom": True},
        volume,
        volume,
    ]
    assert resources(exported) == {
        "images": ["redis:7"],
        "counts": {"docker:index/container:Container": 1, "docker:index/volume:Volume": 2},
    }


def test_a_bare_program_declares_every_type_of_a_stack() -> None:
    types = {each.typ for each in program_of("prod").resources if each.custom}
    assert len(types) > 4
    assert types - {IMAGE} - DECLARE.keys() == set()


def test_a_bare_program_s_resources_are_found_as_a_stack_s_are() -> None:
    assert LABEL == STACK_LABEL
