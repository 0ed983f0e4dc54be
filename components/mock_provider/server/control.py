"""The settings of the mock provider: how slow it is, and how it fails."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

EVERY_MODEL = "*"
PREFIX = "MOCK_"


class FaultKind(StrEnum):
    """How a request fails. Each kind but the last is an HTTP answer in the provider's own error shape."""

    BAD_REQUEST = "bad_request"
    CONTENT_POLICY = "content_policy"
    AUTHENTICATION = "authentication"
    NOT_FOUND = "not_found"
    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    SERVER_ERROR = "server_error"
    HANG = "hang"

    @property
    def status(self) -> int:
        """The HTTP status of the answer; a hang has no answer and raises KeyError."""
        return _STATUS[self]

    @property
    def message(self) -> str:
        """What the answer says when the provider has no wording of its own."""
        return f"mock provider: {self.value.replace('_', ' ')}"


_STATUS = {
    FaultKind.BAD_REQUEST: 400,
    FaultKind.CONTENT_POLICY: 400,
    FaultKind.AUTHENTICATION: 401,
    FaultKind.NOT_FOUND: 404,
    FaultKind.TIMEOUT: 408,
    FaultKind.RATE_LIMIT: 429,
    FaultKind.SERVER_ERROR: 500,
}


class Fault(BaseModel):
    """One way to fail, for some requests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind = Field(description="How the request fails.")
    model: str = Field(
        EVERY_MODEL,
        min_length=1,
        description="The provider's model id whose requests fail, such as `gpt-oss:120b`; `*` is every model.",
    )
    times: int | None = Field(
        None, ge=1, description="How many of the next requests fail; without it, all until the settings change."
    )

    def matches(self, model: str) -> bool:
        """Return whether a request of this model fails by this fault."""
        return self.model in (EVERY_MODEL, model)


class Control(BaseModel):
    """The settings of the mock provider. `PUT /control` replaces them all: a key left out returns to its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latency_ms: int = Field(0, ge=0, le=600_000, description="Wait before the answer starts, in milliseconds.")
    chunk_latency_ms: int = Field(
        0, ge=0, le=600_000, description="Wait before each streamed chunk after the first, in milliseconds."
    )
    chunks: int = Field(
        8, ge=1, le=10_000, description="Words in a chat answer: one a streamed chunk, one a completion token."
    )
    faults: tuple[Fault, ...] = Field((), description="Ways to fail; the first that matches a request is used.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Control":
        """Settings at start, from MOCK_LATENCY_MS, MOCK_CHUNK_LATENCY_MS, MOCK_CHUNKS and MOCK_FAULTS (a JSON list).

        Other variables that begin with MOCK_ are refused with pydantic's ValidationError, as unknown keys are.
        """
        given: dict[str, Any] = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and value
        }
        if "faults" in given:
            given["faults"] = json.loads(given["faults"])
        return cls.model_validate(given)
