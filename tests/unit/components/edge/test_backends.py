"""Places of the edge's backends, and who is served from which."""

import pytest

from components.edge.backends import Places, backends, places, share
from components.edge.haproxy import configuration
from components.edge.settings import EdgeSettings
from components.litellm.component import ALIAS
from tests.unit.components.edge.sections import REPLICAS, section

TEXT = configuration(EdgeSettings(), REPLICAS)
SERVING = ("litellm", "litellm_busy_caller", "litellm_busy_model")


@pytest.mark.parametrize(
    ("concurrency", "own", "busy"), [(90, 30, 30), (64, 22, 21), (4, 2, 1), (3, 1, 1), (2, 1, 1), (1, 1, 1)]
)
def test_places_are_a_third_each(concurrency: int, own: int, busy: int) -> None:
    assert places(EdgeSettings(), concurrency) == Places(own, busy)


def test_without_a_share_all_places_are_one_backend_s() -> None:
    settings = EdgeSettings(fair_share_percent=100)
    assert places(settings, 90) == Places(90, 0)
    assert "litellm_busy" not in configuration(settings, REPLICAS)
    assert "default-server maxconn 90 init-addr none resolvers docker" in backends(settings, 90)


@pytest.mark.parametrize(
    ("percent", "queue", "replicas", "held"), [(20, 256, 2, 12), (20, 256, 100, 51), (20, 10, 2, 2), (1, 256, 1, 1)]
)
def test_share_is_of_the_places_and_of_the_queue(percent: int, queue: int, replicas: int, held: int) -> None:
    settings = EdgeSettings(fair_share_percent=percent, queue_length=queue)
    assert share(settings, 90, replicas) == held


@pytest.mark.parametrize("name", SERVING)
def test_replica_hears_which_part_of_its_limit_a_backend_has(name: str) -> None:
    lines = section(TEXT, f"backend {name}")
    assert "default-server maxconn 30 init-addr none resolvers docker" in lines
    assert r'default-server agent-check agent-port 4002 agent-inter 1s agent-send "30 90\n"' in lines


@pytest.mark.parametrize(("name", "places"), [("litellm_admin", 32), ("litellm_large_body", 256)])
def test_backend_has_places_that_busy_processors_do_not_lower(name: str, places: int) -> None:
    lines = section(TEXT, f"backend {name}")
    assert f"default-server maxconn {places} init-addr none resolvers docker" in lines
    assert "default-server agent-check agent-port 4002 agent-inter 1s" in lines


def test_large_bodies_have_a_third_of_many_places() -> None:
    assert "default-server maxconn 500 init-addr" in backends(EdgeSettings(), 1500).partition("litellm_large_body")[2]


@pytest.mark.parametrize("name", [*SERVING, "litellm_admin", "litellm_large_body"])
def test_each_backend_checks_all_replicas(name: str) -> None:
    lines = section(TEXT, f"backend {name}")
    assert "http-check send meth GET uri /health/liveliness" in lines
    assert f"server-template litellm 32 {ALIAS}:4000" in lines


def test_large_body_and_key_or_model_beyond_its_share_are_served_apart() -> None:
    rules = section(TEXT, "frontend proxy")
    assert [rule for rule in rules if rule.startswith("use_backend")] == [
        "use_backend litellm_admin if admin",
        "use_backend litellm_large_body if large_body",
        "use_backend litellm_busy_caller if busy_caller",
        "use_backend litellm_busy_model if busy_model",
    ]
    assert "acl large_body req.body_size gt 4194304" in rules
    assert {"acl busy_caller sc_conn_cur(0) gt 12", "acl busy_model sc_conn_cur(1) gt 12"} <= set(rules)


def test_administration_is_not_counted() -> None:
    tracked = [rule for rule in section(TEXT, "frontend proxy") if "track-sc" in rule]
    assert len(tracked) == 2
    assert all("!admin" in rule or rule.endswith("unless admin") for rule in tracked)


def test_keys_are_counted_by_their_hash() -> None:
    assert "http-request track-sc0 var(txn.caller),sha1 table callers unless admin" in section(TEXT, "frontend proxy")
