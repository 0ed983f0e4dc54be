"""The load that a stack is meant to carry."""

from pydantic import Field

from components.settings.base import SettingsModel


class ExpectedLoad(SettingsModel):
    """The load at the busiest time, which a preview compares with measured costs (docs/sizing.md)."""

    streams: int = Field(0, ge=0, le=1_000_000)
    """Answers that are streamed at the same time."""
    chunks_per_second: float = Field(30, gt=0, le=10_000)
    """Chunks of each stream in a second. Most providers send a token in a chunk."""
    requests_per_second: float = Field(0, ge=0, le=1_000_000)
    """Requests that begin in a second, streamed or not."""
