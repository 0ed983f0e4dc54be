"""Requests carry the key, and a host name where the edge does not serve all."""

from dataclasses import replace

from tests.unit.ops.gateways import KEY, gateway_of


def test_a_host_is_named_only_where_the_edge_wants_one() -> None:
    dev = gateway_of("dev")
    assert dev.headers == {"Authorization": f"Bearer {KEY}"}
    edge = dev.settings.edge.model_copy(update={"hosts": ("llm.example.com", "other.example.com")})
    named = replace(dev, settings=dev.settings.model_copy(update={"edge": edge}))
    assert named.headers == {"Authorization": f"Bearer {KEY}", "Host": "llm.example.com"}
    assert named.host == {"Host": "llm.example.com"}


def test_a_gateways_key_is_not_in_its_text() -> None:
    assert KEY not in repr(gateway_of("dev"))
