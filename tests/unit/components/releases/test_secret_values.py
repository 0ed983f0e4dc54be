"""What is a secret: by its name, or by its look."""

import pytest

from components.releases.release import load, supported
from components.releases.secret_values import (
    NOT_SECRET,
    is_reference,
    is_secret_name,
    literal_secrets,
    references,
    without_secrets,
)
from components.settings.errors import printable

LOOKS = {
    "OpenAI": "sk-proj-0123456789abcdef",
    "GitHub": "ghp_0123456789abcdefghijKLMN",
    "GitHub, fine-grained": "github_pat_0123456789abcdefghij",
    "AWS": "AKIA0123456789ABCDEF",
    "Google": "AIza0123456789abcdefghijABCDEFGHIJ-_",
    "Slack": "xoxb-0123456789-abcdef",
    "Slack's webhook": "https://hooks.slack.com/services/T0/B0/abc",
    "Groq": "gsk_0123456789abcdefghijkl",
    "Hugging Face": "hf_0123456789abcdefghijkl",
    "JSON Web Token": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "URL with a password": "postgres://user:hunter2@db.example/llm",
    "URL with a password alone": "redis://:hunter2@cache.example",
    "URL with a key": "https://mcp.example/mcp?api_key=hunter2hunter2",
    "argument with a key": "--api-key=hunter2hunter2",
    "xAI": "xai-0123456789abcdefghijkl",
    "GitLab": "glpat-0123456789abcdefghij",
    "NVIDIA": "nvapi-0123456789abcdefghijkl",
    "Google's OAuth": "ya29.a0AfB_0123456789abcdefghij",
    "authorization": "Bearer abcdefgh1234",
    "header of a list": "Authorization=Basic%20cGs6c2s6MTIz",
}


@pytest.mark.parametrize("kind", LOOKS)
def test_value_that_looks_like_a_secret_is_found(kind: str) -> None:
    assert list(literal_secrets({"plain": [{"note": LOOKS[kind]}]}, "path")) == [
        ("path.plain[0].note", "looks like a secret in clear")
    ]


@pytest.mark.parametrize("kind", LOOKS)
def test_secret_is_left_out_of_a_text(kind: str) -> None:
    value = LOOKS[kind]
    for text in (f"a: should be b, not {value!r}", f"{printable(value)}: is unknown"):
        for part in (value.splitlines()[-1], "hunter2", "MIIE", "cGs6"):
            assert part not in without_secrets(text)


@pytest.mark.parametrize(
    "value",
    [
        "gpt-4o", "https://example.com/v1", "sk-short", "Bearer authentication is required here"[:6], "", "2024-10-21",
        "os.environ/OPENAI_API_KEY", "Bearer os.environ/MCP_TOKEN", "basic os.environ/LOGIN", "http://user@host/path",
        "models/pk", "task-0123456789abcdef0123", "https://example.com/v1?api-version=2024-10-21", "http://[::1]:3128",
    ],
)  # fmt: skip
def test_plain_value_is_no_secret(value: str) -> None:
    assert list(literal_secrets({"note": value}, "path")) == []
    assert without_secrets(value) == value


@pytest.mark.parametrize(
    "name",
    [
        "api_key", "API_KEY", "x-api-key", "OPENAI_API_KEY", "password", "aws_secret_access_key", "client_secret",
        "token",
        "clientSecret", "accessToken", "Cookie", "db_pwd",
        "authentication_token", "Authorization", "auth_value", "Ocp-Apim-Subscription-Key", "vertex_credentials",
        "slack_webhook_url", "connection_string", "encryption_key", "passphrase", "azure_ad_token",
    ],
)  # fmt: skip
def test_value_under_a_secret_s_name_is_found(name: str) -> None:
    assert is_secret_name(name)
    assert list(literal_secrets({name: "plain"}, "path")) == [(f"path.{name}", "holds a secret in clear")]
    assert list(literal_secrets({name: ["plain"]}, "path")) == [(f"path.{name}[0]", "holds a secret in clear")]


@pytest.mark.parametrize(
    "name",
    [
        *sorted(NOT_SECRET), "LANGFUSE_PUBLIC_KEY", "langfuse-public-key", "max_tokens", "tokenizer", "key_name",
        "input_cost_per_token", "output_cost_per_reasoning_token", "credential_name", "litellm_credential_name",
        "token_url", "secret_name", "api_key_header", "monkey", "tokenUrl", "publicKey", "maxTokens",
    ],
)  # fmt: skip
def test_other_name_is_no_secret_s(name: str) -> None:
    assert not is_secret_name(name)
    assert list(literal_secrets({name: "plain"}, "path")) == []


@pytest.mark.parametrize("value", ["", None, 5, 5e-6, True, [], {}])
def test_only_texts_are_secrets(value: object) -> None:
    assert list(literal_secrets({"api_key": value}, "path")) == []


def test_password_of_digits_is_a_secret() -> None:
    assert list(literal_secrets({"password": 12345678}, "path")) == [("path.password", "holds a secret in clear")]


def test_key_that_looks_like_a_secret_is_found() -> None:
    ((path, reason),) = literal_secrets({"headers": {LOOKS["OpenAI"]: "x"}}, "path")
    assert (path, reason) == (f"path.headers.{LOOKS['OpenAI']}", "is a key that looks like a secret")


def test_key_with_a_line_break_stays_in_its_line() -> None:
    ((path, _),) = literal_secrets({"a\nb": {"token": "x"}}, "path")
    assert path == r"path.a\nb.token"


def test_references_are_found_with_their_paths() -> None:
    values = {
        "api_key": "os.environ/A",
        "headers": [{"Authorization": "Bearer os.environ/B"}],
        "note": "see os.environ/C",
    }
    assert list(references(values, "path")) == [("path.api_key", "A"), ("path.headers[0].Authorization", "B")]


@pytest.mark.parametrize(
    ("value", "is_one"), [("os.environ/A", True), ("Token os.environ/A", True), ("a os.environ/A", False), (5, False)]
)
def test_reference_may_follow_the_kind_of_authorization(value: object, is_one: bool) -> None:  # noqa: FBT001
    assert is_reference(value) is is_one


@pytest.mark.parametrize("minor", supported())
def test_no_price_and_no_number_of_tokens_is_a_secret(minor: str) -> None:
    known = load(minor)
    for group in (known.litellm_params, known.model_info):
        assert [name for name in group if is_secret_name(name) and ("cost" in name or "max_" in name)] == []
