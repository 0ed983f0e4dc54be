"""What every group of settings shares."""

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError


class Section(BaseModel):
    """Frozen and typed; unknown keys are refused; errors hold no value, which may be a secret.

    The text under a field is its reference entry.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: Any, field: ValidationInfo) -> Any:
        """Refuse `replicas: true`, which would be read as 1."""
        if isinstance(value, bool) and field.field_name:
            types = _types(cls.model_fields[field.field_name].annotation)
            if bool not in types and types & {int, float}:
                raise PydanticKnownError("int_type" if int in types else "float_type")
        return value


def _types(annotation: Any) -> set[Any]:
    return {annotation} if isinstance(annotation, type) else set().union(*map(_types, get_args(annotation)))
