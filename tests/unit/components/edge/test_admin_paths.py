"""Which paths are administration."""

import re

import pytest

from components.edge.admin_paths import rules


def is_admin(path: str, root_path: str = "") -> bool:
    """Apply the rule to a decoded path."""
    rule = rules(root_path)[0]
    matched = re.search(r"-m reg '([^']*)'", rule)
    assert matched
    excepted = rule.rpartition("-m str ")[2].removesuffix(" }").split()
    return bool(re.search(matched[1], path)) and path not in excepted


@pytest.mark.parametrize(
    "path",
    ["/key/generate", "/ui", "/ui/", "/ui/login", "/login", "/v2/login", "/user/new", "/team/info", "/model/new",
     "/config/update", "/spend/logs", "/global/spend", "/v1/mcp/server", "/sso/callback"],
)  # fmt: skip
def test_management_and_the_admin_ui_are_administration(path: str) -> None:
    assert is_admin(path)
    assert is_admin(f"/llm{path}", "/llm")


@pytest.mark.parametrize(
    "path",
    ["/v1/chat/completions", "/chat/completions", "/v1/models", "/models", "/v1/messages", "/mcp", "/openai/v1/x",
     "/keys", "/uid", "/health/liveliness", "/model/info", "/v1/model/info", "/v1/realtime", "/team2"],
)  # fmt: skip
def test_what_clients_ask_is_not(path: str) -> None:
    assert not is_admin(path)
    assert not is_admin(f"/llm{path}", "/llm")


def test_encoded_letter_is_the_letter() -> None:
    assert "path,url_dec -m reg" in rules("")[0]
