"""Whether an ACME server finds the gateway, and clients can use what it issues."""

from typing import Any

import pytest

from components.edge.acme.reach import warnings
from components.edge.settings import EdgeSettings

ACME = {"domains": ["llm.example.com"], "terms_of_service_agreed": True}


@pytest.mark.parametrize(
    ("edge", "settings"),
    [
        ({"address": "0.0.0.0", "proxy_port": 80}, []),  # noqa: S104
        ({"address": "0.0.0.0", "redirect_port": 80}, []),  # noqa: S104
        ({"address": "0.0.0.0", "plain_address": "127.0.0.1", "redirect_port": 80}, []),  # noqa: S104
        ({"address": "0.0.0.0", "proxy_port": 4000}, ["edge.redirect_port"]),  # noqa: S104
        ({"proxy_port": 80}, ["edge.address"]),
        ({"address": "0.0.0.0", "proxy_port": 80, "allowed_hosts": ["other.example.com"]}, ["edge.allowed_hosts"]),  # noqa: S104
        ({"address": "0.0.0.0", "plain_address": "127.0.0.1", "proxy_port": 80}, ["edge.address"]),  # noqa: S104
    ],
)
def test_certificate_that_may_not_come_or_be_of_no_use_is_a_warning(edge: dict[str, Any], settings: list[str]) -> None:
    found = warnings(EdgeSettings.model_validate({"https_port": 443, "acme": ACME, **edge}))
    assert [warning.split(":")[0] for warning in found] == settings


def test_stack_without_acme_is_not_warned_of() -> None:
    assert warnings(EdgeSettings(proxy_port=4000)) == []
