"""All settings of one stack, and what is derived from them."""

import json
from pathlib import Path

import pulumi
import pytest

from components.images.catalog import IMAGES
from components.images.settings import ImageSettings
from components.images.source import ImageSource
from components.litellm.config_yaml import config_yaml
from components.stack.read import parse
from components.stack.settings import SECRET_SETTINGS, Settings
from tests.unit.program import record

SECRET = "sk-not-to-be-seen"
WEBHOOK = f"https://hooks.example/{SECRET}"


def test_printed_settings_hold_no_key() -> None:
    stack = parse({"gateway:provider_keys": json.dumps({"OPENAI_API_KEY": SECRET})}, "gateway")
    assert stack.provider_keys["OPENAI_API_KEY"].get_secret_value() == SECRET
    assert SECRET not in repr(stack) + str(stack) + stack.model_dump_json()


def test_secret_settings_exist() -> None:
    assert SECRET_SETTINGS.keys() <= Settings.model_fields.keys()


def test_webhook_and_keys_are_in_litellm_s_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = parse(
        {"gateway:slack_webhook_url": WEBHOOK, "gateway:provider_keys": json.dumps({"OPENAI_API_KEY": SECRET})},
        "gateway",
    )
    values: dict[str, str] = {}

    def body() -> None:
        pulumi.Output.all(**stack.environment_secrets).apply(values.update)
        for name, value in stack.environment_secrets.items():
            pulumi.export(name, value)

    program = record(monkeypatch, "test", body)
    assert values == {"SLACK_WEBHOOK_URL": WEBHOOK, "OPENAI_API_KEY": SECRET}
    assert program.secret_exports == set(values)


def test_webhook_turns_alerts_on() -> None:
    stack = parse({"gateway:slack_webhook_url": WEBHOOK}, "gateway")
    text = config_yaml(stack.litellm.config, stack.config_context)
    assert "alerting:\n  - slack" in text
    assert SECRET not in text + repr(stack)
    without = parse({}, "gateway")
    assert "slack" not in config_yaml(without.litellm.config, without.config_context)


def test_stack_s_own_image_comes_before_the_source_s() -> None:
    images = ImageSettings(source=ImageSource.OFFICIAL, redis="registry.example/redis:7.2.16")
    assert images.reference("redis") == "registry.example/redis:7.2.16"
    assert images.reference("postgres") == IMAGES["postgres"].official


def test_stack_s_source_comes_before_the_machine_s() -> None:
    assert ImageSettings(source=ImageSource.BUILT).reference("redis").startswith("localhost/gateway/redis:")


@pytest.mark.parametrize(
    ("settings", "has"),
    [
        ({}, False),
        ({"monitoring": {"enabled": True}}, True),
        ({"monitoring": {"enabled": True, "grafana": {"enabled": False}}}, False),
        ({"monitoring": {"grafana": {"enabled": True}}}, False),
        ({"monitoring": {"enabled": True}, "images": {"source": "built"}}, False),
        ({"monitoring": {"enabled": True}, "images": {"source": "built", "grafana": "mirror/grafana:12.4.4"}}, True),
    ],
)
def test_stack_has_grafana_where_it_has_an_image(settings: dict[str, object], has: bool) -> None:  # noqa: FBT001
    assert Settings.model_validate(settings).has_grafana is has


def test_wrong_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match="holds no model"):
        assert Settings(model_folder=str(tmp_path)).catalogue
