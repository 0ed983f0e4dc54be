"""The base class of every group of settings."""

from collections.abc import Mapping
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError


class SettingsModel(BaseModel):
    """Frozen and typed. Unknown keys are refused. Errors hold no value, because it may be a secret.

    The text under a field is its entry in the reference. A name states its unit; times without one are in seconds.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    renamed: ClassVar[Mapping[str, str]] = {}
    """Old name of a setting → what to write instead. `components/settings/errors.py` says so to those who use it."""

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: Any, field: ValidationInfo) -> Any:
        """Refuse `replicas: true`, which pydantic would read as 1."""
        if isinstance(value, bool) and field.field_name:
            types = _types(cls.model_fields[field.field_name].annotation)
            if bool not in types and types & {int, float}:
                raise PydanticKnownError("int_type" if int in types else "float_type")
        return value


def _types(annotation: Any) -> set[Any]:
    return {annotation} if isinstance(annotation, type) else set().union(*map(_types, get_args(annotation)))
