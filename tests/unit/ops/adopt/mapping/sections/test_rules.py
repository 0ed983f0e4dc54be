"""Every key that the gateway writes itself has a rule."""

import pytest

from components.litellm.own_config import OWNED
from components.stack.settings import Settings
from ops.adopt.mapping.context import Setting
from ops.adopt.mapping.sections.rules import RULES


@pytest.mark.parametrize("section", OWNED)
def test_no_key_of_the_gateway_is_without_a_rule(section: str) -> None:
    assert set(OWNED[section]) - set(RULES[section]) - {"master_key"} == set()


@pytest.mark.parametrize(
    "setting",
    sorted({rule.setting for rules in RULES.values() for rule in rules.values() if isinstance(rule, Setting)}),
)
def test_every_setting_of_a_rule_exists(setting: str) -> None:
    model: object = Settings()
    for name in setting.split("."):
        assert hasattr(model, name), setting
        model = getattr(model, name)
