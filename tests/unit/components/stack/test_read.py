"""Reading Pulumi's configuration: texts, which are JSON where they are structured."""

import json
import os
from pathlib import Path

import pulumi
import pytest
from pydantic import ValidationError

from components.litellm.settings import LogLevel
from components.models.catalog import FOLDER
from components.stack.read import json_or_text, parse, read_stack
from components.stack.settings import SECRET_SETTINGS, Settings

SECRET = "sk-not-to-be-seen"


def configure(monkeypatch: pytest.MonkeyPatch, config: dict[str, str], secret_keys: list[str]) -> None:
    """Set the configuration as Pulumi does for its program."""
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(secret_keys))
    monkeypatch.setattr(pulumi, "get_project", lambda: "gateway")


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is logged as a warning."""
    logged: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", logged.append)
    return logged


def test_objects_are_json() -> None:
    stack = parse({"gateway:litellm": '{"replicas": 3, "log_level": "DEBUG"}'}, "gateway")
    assert (stack.litellm.replicas, stack.litellm.log_level) == (3, LogLevel.DEBUG)


def test_the_models_of_a_stack_are_those_of_its_own_folder(tmp_path: Path) -> None:
    models = tmp_path / "stacks" / "models"
    models.mkdir(parents=True)
    (models / "of-an-earlier-version.yaml").write_text("provider: ollama\nmodel: llama3.1\n")
    assert list(parse({}, "gateway", tmp_path).catalogue) == ["of-an-earlier-version"]


def test_numbers_may_be_text() -> None:
    assert parse({"gateway:edge": '{"proxy_port": "4300"}'}, "gateway").edge.proxy_port == 4300


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ('"true"', True)])
def test_booleans_are_text(text: str, value: bool) -> None:  # noqa: FBT001
    assert parse({"gateway:protect": text}, "gateway").protect is value


@pytest.mark.parametrize(("text", "value"), [("a", "a"), ("", ""), ("7", 7), ('{"a": [1]}', {"a": [1]}), ("{", "{")])
def test_text_that_is_no_json_stays_text(text: str, value: object) -> None:
    assert json_or_text(text) == value


def test_null_removes_a_policy() -> None:
    config = parse({"gateway:litellm": '{"config": {"retry_policy": null}}'}, "gateway").litellm.config
    assert config.retry_policy is None
    assert config.allowed_fails_policy is not None


def test_settings_cannot_be_changed() -> None:
    stack = parse({}, "gateway")
    with pytest.raises(ValidationError, match="frozen"):
        stack.litellm.replicas = 5  # type: ignore[misc]


def test_what_a_group_leaves_out_keeps_its_default() -> None:
    stack = parse({"gateway:redis": '{"stop_timeout": 60}'}, "gateway")
    assert (stack.redis.stop_timeout, stack.redis.memory_mib) == (60, Settings().redis.memory_mib)


@pytest.mark.parametrize(
    ("setting", "text", "cure"),
    [
        (
            "provider_keys",
            json.dumps({"OPENAI_API_KEY": SECRET}),
            "pulumi config set --secret --path 'gateway:provider_keys.NAME'",
        ),
        (
            "slack_webhook_url",
            f"https://hooks.example/{SECRET}",
            "pulumi config set --secret gateway:slack_webhook_url",
        ),
        (
            "edge_certificate",
            SECRET,
            "pulumi config set --secret gateway:edge_certificate < FILE",
        ),
    ],
)
def test_secret_in_clear_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, setting: str, text: str, cure: str
) -> None:
    assert setting in SECRET_SETTINGS
    configure(monkeypatch, {f"gateway:{setting}": text}, secret_keys=["gateway:other"])
    with pytest.raises(pulumi.RunError) as caught:
        read_stack()
    assert str(caught.value) == f"{setting}: stands in clear; set it with `{cure}`"


def test_encrypted_key_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(
        monkeypatch,
        {"gateway:provider_keys": json.dumps({"OPENAI_API_KEY": SECRET}), "gateway:mock_provider": '{"enabled": true}'},
        secret_keys=["gateway:provider_keys"],
    )
    assert set(read_stack().provider_keys) == {"OPENAI_API_KEY"}


def test_without_a_list_of_secrets_every_key_is_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"gateway:provider_keys": "{}"}, secret_keys=[])
    monkeypatch.delenv("PULUMI_CONFIG_SECRET_KEYS")
    assert "PULUMI_CONFIG_SECRET_KEYS" not in os.environ
    with pytest.raises(pulumi.RunError, match="in clear"):
        read_stack()


def test_each_model_without_its_key_is_a_warning(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    configure(
        monkeypatch,
        {"gateway:provider_keys": json.dumps({"GEMINI_API_KEY": SECRET})},
        secret_keys=["gateway:provider_keys"],
    )
    keys = {name: model.keys[0] for name, model in read_stack().catalogue.items() if model.keys}
    assert [warning for warning in warnings if "has no key" in warning] == [
        f"model {name} has no key: `pulumi config set --secret --path 'gateway:provider_keys.{key}'`"
        for name, key in keys.items()
        if key != "GEMINI_API_KEY"
    ]
    assert {"GEMINI_API_KEY", "OLLAMA_API_KEY"} <= set(keys.values())


def test_mock_provider_needs_no_key(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    configure(monkeypatch, {"gateway:mock_provider": '{"enabled": true}'}, secret_keys=[])
    assert read_stack().missing_keys == {}
    assert [warning for warning in warnings if "has no key" in warning] == []


def test_undecided_image_source_is_refused_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_IMAGE_SOURCE")
    monkeypatch.setattr("components.images.source.SOURCE_FILE", FOLDER / "no-such-file")
    with pytest.raises(pulumi.RunError, match=r"^image source is not decided: run bootstrap/run"):
        parse({}, "gateway")
