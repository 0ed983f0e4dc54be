"""What every group of settings does."""

from typing import Literal

import pytest
from pydantic import SecretStr, ValidationError

from components.settings.base import SettingsModel


class Sizes(SettingsModel):
    """Some sizes."""

    count: int = 1
    """How many."""
    share: float = 0.5
    limit: Literal["auto"] | int = "auto"
    enabled: bool = False
    flag_or_count: bool | int = 0
    key: SecretStr = SecretStr("")


def test_settings_are_frozen() -> None:
    sizes = Sizes()
    with pytest.raises(ValidationError, match="frozen"):
        sizes.count = 5  # type: ignore[misc]


def test_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="counts"):
        Sizes.model_validate({"counts": 2})


@pytest.mark.parametrize(
    ("name", "kind"), [("count", "int_type"), ("share", "float_type"), ("limit", "int_type")], ids=str
)
@pytest.mark.parametrize("value", [True, False])
def test_true_is_no_number(name: str, kind: str, value: bool) -> None:  # noqa: FBT001
    with pytest.raises(ValidationError) as refused:
        Sizes.model_validate({name: value})
    assert {fault["type"] for fault in refused.value.errors()} == {kind}


@pytest.mark.parametrize("name", ["enabled", "flag_or_count"])
def test_true_is_a_truth_value(name: str) -> None:
    assert getattr(Sizes.model_validate({name: True}), name) is True


def test_error_holds_no_value() -> None:
    with pytest.raises(ValidationError) as refused:
        Sizes.model_validate({"key": ["sk-not-to-be-seen"]})
    assert "sk-not-to-be-seen" not in str(refused.value)


def test_text_under_a_field_is_its_description() -> None:
    assert Sizes.model_fields["count"].description == "How many."
