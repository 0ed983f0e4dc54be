"""The checks that the sizes of a stack's parts fit each other."""

import json
from typing import Any

import pulumi
import pytest

from components.settings.cpuset import resolve
from components.stack.read import parse
from components.stack.settings import Settings
from components.stack.sizing import check, max_connections, too_few_processors

LITELLM = {"replicas": 2, "workers": 2, "memory_mib": 8192, "stop_timeout": 600}
CONFIG = {"database_connection_pool_limit": 10, "request_timeout": 600}
UNBUFFERED = {"use_redis_transaction_buffer": False}


def settings(
    *, litellm: dict[str, Any] | None = None, config: dict[str, Any] | None = None, production: bool = True, **more: Any
) -> Settings:
    """Return a stack whose sizes fit, but for these changes."""
    stack = {"litellm": {**LITELLM, **(litellm or {}), "config": {**CONFIG, **(config or {})}}, **more}
    texts = {f"gateway:{key}": json.dumps(value) for key, value in {**stack, "production": production}.items()}
    return parse(texts, "gateway")


def refusal(**changes: Any) -> str:
    with pytest.raises(pulumi.RunError) as caught:
        settings(**changes)
    return str(caught.value)


def test_fitting_stack_is_neither_refused_nor_warned_of() -> None:
    findings = check(settings())
    assert (findings.refusals, findings.warnings) == ((), ())


def test_auto_has_room_for_old_and_new_replicas() -> None:
    assert max_connections(settings()) == 10 * 2 * 2 * 2 + 15


@pytest.mark.parametrize("enough", [95, 300])
def test_own_number_of_connections_is_kept(enough: int) -> None:
    assert max_connections(settings(postgres={"max_connections": enough})) == enough


@pytest.mark.parametrize("production", [True, False])
def test_too_few_connections_are_refused_with_the_sum(production: bool) -> None:  # noqa: FBT001
    sentence = refusal(postgres={"max_connections": 94}, production=production)
    assert sentence.startswith("postgres.max_connections: 94 is too few: ")
    assert sentence.endswith("= 95; set 95 or auto")


@pytest.mark.parametrize("allowed", ["auto", 2000])
def test_too_many_connections_are_refused_with_the_sum(allowed: str | int) -> None:
    sentence = refusal(postgres={"max_connections": allowed}, config={"database_connection_pool_limit": 249})
    assert sentence == (
        "postgres.max_connections: pool 249 × workers 2 × replicas 2 × 2 while an update runs + 15 reserved = 2007,"
        " more than the possible 2000;"
        " lower litellm.config.database_connection_pool_limit, workers or replicas"
    )
    fitting = settings(postgres={"max_connections": allowed}, config={"database_connection_pool_limit": 248})
    assert max_connections(fitting) == (1999 if allowed == "auto" else allowed)


@pytest.mark.parametrize(("replicas", "workers"), [(2, 1), (1, 2)])
def test_several_workers_need_redis(replicas: int, workers: int) -> None:
    sentence = refusal(redis={"enabled": False}, litellm={"replicas": replicas, "workers": workers}, config=UNBUFFERED)
    assert sentence.startswith("redis.enabled: 2 workers would each count limits and budgets for themselves")


def test_one_worker_needs_no_redis() -> None:
    one = {"replicas": 1, "workers": 1}
    assert settings(redis={"enabled": False}, litellm=one, config=UNBUFFERED).redis.enabled is False


@pytest.mark.parametrize("key", ["enabled", "append_only"])
def test_transaction_buffer_needs_a_lasting_redis(key: str) -> None:
    one = {"replicas": 1, "workers": 1}
    sentence = refusal(redis={key: False}, litellm=one)
    assert sentence.startswith(f"litellm.config.use_redis_transaction_buffer: needs redis.{key}; ")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"memory_mib": 8191}, "litellm.memory_mib: 8191 MiB is too little"),
        (
            {"stop_timeout": 599},
            "litellm.stop_timeout: 599 s is shorter than config.request_timeout 600 s",
        ),
    ],
)
def test_risk_is_refused_in_production_and_a_warning_elsewhere(change: dict[str, Any], sentence: str) -> None:
    assert refusal(litellm=change).startswith(sentence)
    findings = check(settings(litellm=change, production=False))
    assert findings.refusals == ()
    assert [warning.startswith(sentence) for warning in findings.warnings] == [True]


def test_body_that_a_worker_cannot_hold_is_a_risk_with_the_sum() -> None:
    sentence = (
        "edge.max_body_mib: 300 MiB × 12 copies = 3600 MiB is more than a worker has for bodies; it takes 141 MiB"
    )
    assert refusal(edge={"max_body_mib": 300}).startswith(sentence)
    assert check(settings(edge={"max_body_mib": 141})).refusals == ()
    (warning,) = check(settings(edge={"max_body_mib": 300}, production=False)).warnings
    assert warning.startswith(sentence)


def test_more_requests_than_memory_holds_are_a_risk_with_the_sum() -> None:
    sentence = (
        "edge.replica_concurrency: 9000 × 0.5 MiB = 4500 MiB is more than litellm.memory_mib 8192 has for requests"
    )
    assert refusal(edge={"replica_concurrency": 9000}) == f"{sentence}; set 6792 or auto"
    assert check(settings(edge={"replica_concurrency": 6792})).refusals == ()


def test_each_refusal_has_its_own_line() -> None:
    lines = refusal(postgres={"max_connections": 20}, litellm={"memory_mib": 1024}).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "postgres.max_connections",
        "litellm.memory_mib",
        "edge.max_body_mib",
    ]


def test_recycling_the_only_worker_is_refused() -> None:
    assert refusal(litellm={"workers": 1, "memory_mib": 4096, "max_requests_before_restart": 500}) == (
        "litellm.max_requests_before_restart: 500 with workers 1 ends the whole replica each time;"
        " set workers to 2 or more, or null"
    )
    assert check(settings(litellm={"max_requests_before_restart": 500})).refusals == ()


@pytest.mark.parametrize(
    ("cpuset", "processors", "usable"),
    [(None, 4, None), (None, 3, 3), ("0-3", 8, None), ("4-6", 8, 3), ("2", 8, 1), ("1-", 4, 3)],
)
def test_more_workers_than_processors_are_a_warning_with_the_sum(
    cpuset: str | None, processors: int, usable: int | None
) -> None:
    sentence = f"litellm.workers: workers 2 × replicas 2 = 4, more than the {usable} processors for them"
    litellm = settings(litellm={"cpuset": cpuset}).litellm
    found = too_few_processors(litellm, len(resolve(litellm.cpuset, processors)))
    assert found is None if usable is None else str(found).startswith(sentence)
