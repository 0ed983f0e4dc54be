"""Requests carry the key, and a host name where the edge does not serve all."""

from tests.unit.ops.gateways import KEY, gateway_of, serving_only


def test_a_host_is_named_only_where_the_edge_wants_one() -> None:
    dev = gateway_of("dev")
    assert dev.headers == {"Authorization": f"Bearer {KEY}"}
    named = serving_only(dev, "llm.example.com")
    assert named.headers == {"Authorization": f"Bearer {KEY}", "Host": "llm.example.com"}
    assert named.host == {"Host": "llm.example.com"}


def test_a_gateways_key_is_not_in_its_text() -> None:
    assert KEY not in repr(gateway_of("dev"))
