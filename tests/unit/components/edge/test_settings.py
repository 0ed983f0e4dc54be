"""The settings of the edge."""

import pytest
from pydantic import ValidationError

from components.edge.settings import CgroupParent, EdgeSettings
from tests.official.edge_configurations import edge_variations


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "10.0.0.9", "::1", "::", "fd00::9"])  # noqa: S104
def test_address_may_be_of_ipv4_or_ipv6(address: str) -> None:
    assert EdgeSettings(address=address).addresses == (address,)


def test_more_addresses_may_follow() -> None:
    assert EdgeSettings(more_addresses=("::1", "10.0.0.9")).addresses == ("127.0.0.1", "::1", "10.0.0.9")


@pytest.mark.parametrize("address", ["localhost", "", "127.0.0.1:4000", "0.0.0.0/0", "[::1]"])
@pytest.mark.parametrize("setting", ["address", "plain_address", "more_addresses"])
def test_other_text_is_no_address(setting: str, address: str) -> None:
    with pytest.raises(ValidationError, match="should be an address"):
        EdgeSettings.model_validate({setting: [address] if setting == "more_addresses" else address})


@pytest.mark.parametrize("setting", ["trusted_proxies", "proxy_protocol_from", "admin_addresses"])
def test_list_of_networks_holds_addresses_and_networks(setting: str) -> None:
    given = EdgeSettings.model_validate({setting: ["10.0.0.0/8", "192.0.2.7", "fd00::/8"]})
    assert getattr(given, setting) == ("10.0.0.0/8", "192.0.2.7/32", "fd00::/8")
    with pytest.raises(ValidationError, match=r"10\.0\.0\.1/8 should be an address or a network"):
        EdgeSettings.model_validate({setting: ["10.0.0.1/8"]})


@pytest.mark.parametrize(
    ("setting", "value"), [("plain_address", "127.0.0.1"), ("redirect_port", 80), ("client_ca", "ca.pem")]
)
def test_tls_settings_need_tls(setting: str, value: str | int) -> None:
    with pytest.raises(ValidationError, match=f"{setting}: needs https_port"):
        EdgeSettings.model_validate({setting: value})


@pytest.mark.parametrize("host", ["gateway", "llm.example.com", "a-b.c2", "1.2.3.4"])
def test_allowed_host_is_a_host_name(host: str) -> None:
    assert EdgeSettings(allowed_hosts=(host,)).allowed_hosts == (host,)


@pytest.mark.parametrize(
    "host", ["LLM.example.com", "gateway:4000", "-a", "a-", "a..b", "a b", "a } or { b", "", "a\n"]
)
def test_other_text_is_no_allowed_host(host: str) -> None:
    with pytest.raises(ValidationError, match="should be a host name in lower case without port"):
        EdgeSettings(allowed_hosts=("gateway", host))


def test_host_header_names_the_first_allowed_host() -> None:
    assert EdgeSettings(allowed_hosts=("llm.example.com", "gateway")).host_header == {"Host": "llm.example.com"}
    assert EdgeSettings().host_header == {}


def test_cgroup_parent_is_the_root_by_default() -> None:
    assert EdgeSettings().cgroup_parent is CgroupParent.ROOT


def test_vendor_s_haproxy_is_asked_about_every_setting() -> None:
    assert {name for name, _ in edge_variations()} == EdgeSettings.model_fields.keys()
