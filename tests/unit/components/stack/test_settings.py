"""Settings are read as Pulumi hands them over: texts, which are JSON where they are structured."""

import json
import os

import pulumi
import pytest
from pydantic import ValidationError

from components.images.catalog import IMAGES
from components.images.policy import Pinning
from components.images.source import ImageSource
from components.litellm.settings import LogLevel
from components.stack import settings
from components.stack.settings import ImageSettings, Settings, parse

SECRET = "sk-not-to-be-seen"


def hand_over(monkeypatch: pytest.MonkeyPatch, config: dict[str, str], secret_keys: list[str]) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps(secret_keys))
    monkeypatch.setattr(pulumi, "get_project", lambda: "gateway")


def test_objects_come_as_json() -> None:
    read = parse({"gateway:litellm": '{"replicas": 3, "log_level": "DEBUG"}'}, "gateway").litellm
    assert (read.replicas, read.log_level) == (3, LogLevel.DEBUG)


def test_numbers_may_come_as_text() -> None:
    assert parse({"gateway:edge": '{"proxy_port": "4300"}'}, "gateway").edge.proxy_port == 4300


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ('"true"', True)])
def test_booleans_come_as_text(text: str, value: bool) -> None:  # noqa: FBT001
    assert parse({"gateway:protect": text}, "gateway").protect is value


def test_null_takes_a_policy_away() -> None:
    config = parse({"gateway:litellm": '{"config": {"retry_policy": null}}'}, "gateway").litellm.config
    assert config.retry_policy is None
    assert config.allowed_fails_policy is not None


def test_configuration_of_other_projects_and_of_plugins_is_none_of_ours() -> None:
    assert parse({"docker:host": "ssh://elsewhere", "other:replicas": "9"}, "gateway") == Settings()


def test_settings_cannot_be_changed_once_read() -> None:
    read = parse({}, "gateway")
    with pytest.raises(ValidationError, match="frozen"):
        read.litellm.replicas = 5  # type: ignore[misc]


def test_what_a_section_leaves_out_keeps_its_default() -> None:
    assert parse({"gateway:redis": '{"stop_seconds": 60}'}, "gateway").redis.memory == Settings().redis.memory


def test_keys_do_not_show_when_settings_are_printed() -> None:
    read = parse({"gateway:keys": json.dumps({"OPENAI_API_KEY": SECRET})}, "gateway")
    assert read.keys["OPENAI_API_KEY"].get_secret_value() == SECRET
    assert SECRET not in repr(read) + str(read) + read.model_dump_json()


@pytest.mark.parametrize(
    ("setting", "text", "sentence"),
    [
        (
            "keys",
            json.dumps({"OPENAI_API_KEY": SECRET}),
            "keys: stands in clear; set it with `pulumi config set --secret --path 'gateway:keys.NAME'`",
        ),
        (
            "slack_webhook_url",
            f"https://hooks.example/{SECRET}",
            "slack_webhook_url: stands in clear; set it with `pulumi config set --secret gateway:slack_webhook_url`",
        ),
    ],
)
def test_a_secret_in_clear_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, setting: str, text: str, sentence: str
) -> None:
    hand_over(monkeypatch, {f"gateway:{setting}": text}, secret_keys=["gateway:other"])
    with pytest.raises(pulumi.RunError) as caught:
        settings.read()
    assert str(caught.value) == sentence


def test_the_webhook_reaches_litellm_s_environment_and_turns_alerts_on() -> None:
    read = parse({"gateway:slack_webhook_url": f"https://hooks.example/{SECRET}"}, "gateway")
    assert read.environment_secrets["SLACK_WEBHOOK_URL"].get_secret_value() == f"https://hooks.example/{SECRET}"
    assert "alerting:\n  - slack" in read.config_yaml
    assert SECRET not in read.config_yaml + repr(read)


def test_an_encrypted_key_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over(
        monkeypatch,
        {"gateway:keys": json.dumps({"OPENAI_API_KEY": SECRET}), "gateway:mock_provider": '{"enabled": true}'},
        secret_keys=["gateway:keys"],
    )
    assert set(settings.read().keys) == {"OPENAI_API_KEY"}


def test_a_missing_secret_list_counts_every_key_as_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over(monkeypatch, {"gateway:keys": "{}"}, secret_keys=[])
    del os.environ["PULUMI_CONFIG_SECRET_KEYS"]
    with pytest.raises(pulumi.RunError, match="in clear"):
        settings.read()


def test_each_model_without_its_key_is_warned_of_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    hand_over(monkeypatch, {"gateway:keys": json.dumps({"GEMINI_API_KEY": SECRET})}, secret_keys=["gateway:keys"])
    read = settings.read()
    needing = {name: entry.key for name, entry in read.catalogue.items() if entry.key}
    assert [warning for warning in warnings if "has no key" in warning] == [
        f"model {name} has no key: `pulumi config set --secret --path 'gateway:keys.{key}'`"
        for name, key in needing.items()
        if key != "GEMINI_API_KEY"
    ]
    assert {"GEMINI_API_KEY", "OLLAMA_API_KEY"} <= set(needing.values())


def test_the_mock_provider_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    hand_over(monkeypatch, {"gateway:mock_provider": '{"enabled": true}'}, secret_keys=[])
    assert settings.read().missing_keys == {}
    assert [warning for warning in warnings if "has no key" in warning] == []


def test_a_stack_s_own_image_goes_before_the_source_s() -> None:
    images = ImageSettings(source=ImageSource.OFFICIAL, redis="registry.example/redis:7.2.16")
    assert images.reference("redis") == "registry.example/redis:7.2.16"
    assert images.reference("postgres") == IMAGES["postgres"].official


def test_a_stack_s_source_goes_before_the_machine_s() -> None:
    assert ImageSettings(source=ImageSource.BUILT).reference("redis").startswith("localhost/gateway/redis:")


@pytest.mark.parametrize("name", sorted(IMAGES))
def test_pinning_holds_for_each_image(name: str) -> None:
    images = {other: f"example/{other}:1.108.14@sha256:{'0' * 64}" for other in IMAGES} | {name: "example/it:latest"}
    with pytest.raises(pulumi.RunError, match=rf"^images\.{name}: example/it:latest should end with @sha256"):
        parse(
            {
                "gateway:images": json.dumps({"pinning": Pinning.DIGEST, **images}),
                "gateway:monitoring": json.dumps({"enabled": True, "grafana": {"enabled": False}}),
            },
            "gateway",
        )


def test_a_release_that_must_not_run_is_refused_whatever_the_pinning() -> None:
    config = {"gateway:images": '{"pinning": "any", "litellm": "ghcr.io/berriai/litellm:v1.82.7"}'}
    with pytest.raises(
        pulumi.RunError, match=r"^images\.litellm: LiteLLM 1\.82\.7 must not run: it steals credentials"
    ):
        parse(config, "gateway")


def test_an_undecided_image_source_names_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_IMAGE_SOURCE")
    monkeypatch.setattr("components.images.source.SOURCE_FILE", settings.CATALOGUE / "no-such-file")
    with pytest.raises(pulumi.RunError, match=r"^image source is not decided: run bootstrap/run"):
        parse({}, "gateway")
