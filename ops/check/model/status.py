"""Whether a model works or why not, judged by LiteLLM's response; and how to fix it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from ops.check.model.deployment import ModelDeployment

LONGEST_DETAIL = 140
"""Characters of the gateway's message that are shown."""


class ModelStatus(StrEnum):
    """Result of one request to a model."""

    WORKING = "working"
    KEY_MISSING = "key missing"
    KEY_REFUSED = "key refused"
    UNREACHABLE = "unreachable"
    NOT_FOUND = "not found"
    TIMED_OUT = "timed out"
    RATE_LIMITED = "rate limited"
    OTHER = "other"
    NOT_ASKED = "not asked"
    """There is no test request for its mode; it counts neither way."""


@dataclass(frozen=True)
class ModelResponse:
    """The gateway's response to one request."""

    http_status: int | None
    """None if none came in time."""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The response as data; empty if it is not a JSON object."""
        try:
            body = json.loads(self.text)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def error_message(self) -> str:
        """The first line of an error; a traceback may follow it."""
        error = self.body.get("error")
        message = str(error.get("message", "")) if isinstance(error, dict) else str(error or self.text)
        line = next((line for line in message.splitlines() if line.strip()), "")
        return re.sub(r" ssl:<[^>]*>", "", line)


MESSAGES: tuple[tuple[ModelStatus, str], ...] = (
    (ModelStatus.KEY_MISSING, r"missing \w+ api key|api key is required|missing credentials"),
    (ModelStatus.UNREACHABLE, r"cannot connect to host|connection error|connect call failed"),
    # Google refuses a key with 400.
    (ModelStatus.KEY_REFUSED, r"api key not valid|api_key_invalid"),
    # The gateway itself does not know the name.
    (ModelStatus.NOT_FOUND, r"invalid model name|no healthy deployments for this model"),
    # A cooldown after failures; the message does not say which.
    (ModelStatus.OTHER, r"no deployments available"),
)
"""LiteLLM's messages where the HTTP status misleads: it answers 500 to a missing key and to a refused connection."""
HTTP_STATUSES = {
    HTTPStatus.UNAUTHORIZED: ModelStatus.KEY_REFUSED,
    HTTPStatus.FORBIDDEN: ModelStatus.KEY_REFUSED,
    HTTPStatus.NOT_FOUND: ModelStatus.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT: ModelStatus.TIMED_OUT,
    HTTPStatus.GATEWAY_TIMEOUT: ModelStatus.TIMED_OUT,
    HTTPStatus.TOO_MANY_REQUESTS: ModelStatus.RATE_LIMITED,
}


@dataclass(frozen=True)
class Classification:
    """A status and the message that it rests on."""

    status: ModelStatus
    detail: str = ""


def classify(model: ModelDeployment, response: ModelResponse, result_key: str) -> Classification:
    """Return the status of a model; a complete response has something under `result_key`."""
    if response.http_status is None:
        return Classification(ModelStatus.TIMED_OUT, response.text)
    if response.http_status == HTTPStatus.OK:
        return _classify_success(model, response, result_key)
    # A missing key is the certain cause, whatever the provider said to a request without one.
    status = ModelStatus.KEY_MISSING if model.key_missing else _status(response.http_status, response.error_message)
    return Classification(status, f"{response.http_status}: {response.error_message}"[:LONGEST_DETAIL])


def _classify_success(model: ModelDeployment, response: ModelResponse, result_key: str) -> Classification:
    answered_by = response.headers.get("x-litellm-model-id", "")
    if response.headers.get("x-litellm-attempted-fallbacks", "0") != "0":
        return Classification(ModelStatus.OTHER, "a fallback answered in its place")
    if model.ids and answered_by and answered_by not in model.ids:
        detail = f"another deployment answered in its place: {answered_by}"
        return Classification(ModelStatus.OTHER, detail[:LONGEST_DETAIL])
    if not response.body.get(result_key):
        return Classification(ModelStatus.OTHER, f"the answer holds no {result_key}")
    return Classification(ModelStatus.WORKING)


def _status(http_status: int, message: str) -> ModelStatus:
    for status, pattern in MESSAGES:
        if re.search(pattern, message, flags=re.IGNORECASE):
            return status
    known = http_status in set(HTTPStatus)
    return HTTP_STATUSES.get(HTTPStatus(http_status), ModelStatus.OTHER) if known else ModelStatus.OTHER


def fix_for(status: ModelStatus, model: ModelDeployment, stack: str) -> str:
    """Return what to do about a status; empty for a model that works."""
    entry, up = _entry(model), f"python -m ops up {stack}"
    match status:
        case ModelStatus.WORKING | ModelStatus.NOT_ASKED:
            return ""
        case ModelStatus.KEY_MISSING | ModelStatus.KEY_REFUSED:
            return _key_fix(model, stack)
        case ModelStatus.UNREACHABLE:
            return f"start what serves {model.served_at or 'it'}, or let this host reach it"
        case ModelStatus.NOT_FOUND if not (model.ids or model.stored):
            return f"the gateway does not list it: `{up}`"
        case ModelStatus.NOT_FOUND:
            return f"correct `model` {entry}, then `{up}`"
        case ModelStatus.TIMED_OUT:
            return "try a longer --timeout; if it is always slow, raise litellm.config.request_timeout"
        case ModelStatus.RATE_LIMITED:
            return "try again later, or have the provider raise the limit of the key"
        case ModelStatus.OTHER:
            return f"read the replica's log: docker logs of a container with the label gateway.stack={stack}"


def _key_fix(model: ModelDeployment, stack: str) -> str:
    up = f"python -m ops up {stack}"
    if model.key:
        command = f"pulumi config set --secret --path 'gateway:provider_keys.{model.key}' --stack {stack}"
        return f"`{command}` with a valid key, then `{up}`"
    if model.stored:
        return f"give it a valid key {_entry(model)}"
    return f"name its `api_key` {_entry(model)}, set it, then `{up}`"


def _entry(model: ModelDeployment) -> str:
    """Return where a model is defined."""
    return "on the admin pages, where it was stored" if model.stored else f"in stacks/models/{model.name}.yaml"
