"""What every group of settings shares."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Frozen and typed; unknown keys are refused; errors hold no value, which may be a secret.

    The text under a field is its reference entry.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)
