"""The settings of the edge."""

import pytest
from pydantic import ValidationError

from components.edge.settings import CgroupParent, EdgeSettings


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "10.0.0.9"])  # noqa: S104
def test_address_may_be_any_ipv4_address(address: str) -> None:
    assert EdgeSettings(address=address).address == address


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
