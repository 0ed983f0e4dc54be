"""Whether a model works, or why not, judged by what LiteLLM answered; and what is to be done about it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from ops.check.deployment import ServedModel

LONGEST_DETAIL = 140
"""Letters of what the gateway said."""


class Verdict(StrEnum):
    """What became of a model's request."""

    WORKING = "working"
    KEY_MISSING = "key missing"
    KEY_REFUSED = "key refused"
    UNREACHABLE = "unreachable"
    NOT_FOUND = "not found"
    TIMED_OUT = "timed out"
    RATE_LIMITED = "rate limited"
    OTHER = "other"
    NOT_ASKED = "not asked"
    """Its mode is none that is asked for; it counts neither way."""


@dataclass(frozen=True)
class Reply:
    """An answer of the gateway to one request."""

    status: int | None
    """None: none came in time."""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        """The answer as data; empty when it is no JSON object."""
        try:
            body = json.loads(self.text)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def message(self) -> str:
        """What an error says: LiteLLM's own line without the traceback that may follow."""
        error = self.body.get("error")
        message = str(error.get("message", "")) if isinstance(error, dict) else str(error or self.text)
        line = next((line for line in message.splitlines() if line.strip()), "")
        return re.sub(r" ssl:<[^>]*>", "", line)


SAYINGS: tuple[tuple[Verdict, str], ...] = (
    (Verdict.KEY_MISSING, r"missing \w+ api key|api key is required|missing credentials"),
    (Verdict.UNREACHABLE, r"cannot connect to host|connection error|connect call failed"),
    # Google refuses a key with 400.
    (Verdict.KEY_REFUSED, r"api key not valid|api_key_invalid"),
    # The gateway itself does not know the name.
    (Verdict.NOT_FOUND, r"invalid model name|no healthy deployments for this model"),
    # It cools down after failures: the reason is not told.
    (Verdict.OTHER, r"no deployments available"),
)
"""What LiteLLM says where the status alone misleads: a missing key and a refused connection are 500 to it."""
STATUSES = {
    HTTPStatus.UNAUTHORIZED: Verdict.KEY_REFUSED,
    HTTPStatus.FORBIDDEN: Verdict.KEY_REFUSED,
    HTTPStatus.NOT_FOUND: Verdict.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT: Verdict.TIMED_OUT,
    HTTPStatus.GATEWAY_TIMEOUT: Verdict.TIMED_OUT,
    HTTPStatus.TOO_MANY_REQUESTS: Verdict.RATE_LIMITED,
}


@dataclass(frozen=True)
class Judgement:
    """A verdict and what it rests on."""

    verdict: Verdict
    detail: str = ""


def judge(model: ServedModel, reply: Reply, proof: str) -> Judgement:
    """Judge a reply; `proof` is the key of the body that a full answer holds something under."""
    if reply.status is None:
        return Judgement(Verdict.TIMED_OUT, reply.text)
    if reply.status == HTTPStatus.OK:
        return _judge_answer(model, reply, proof)
    # The sure cause, whatever the provider said to a request without a key.
    verdict = Verdict.KEY_MISSING if model.key_missing else _failure(reply.status, reply.message)
    return Judgement(verdict, f"{reply.status}: {reply.message}"[:LONGEST_DETAIL])


def _judge_answer(model: ServedModel, reply: Reply, proof: str) -> Judgement:
    answered_by = reply.headers.get("x-litellm-model-id", "")
    if reply.headers.get("x-litellm-attempted-fallbacks", "0") != "0":
        return Judgement(Verdict.OTHER, "a fallback answered in its place")
    if model.ids and answered_by and answered_by not in model.ids:
        return Judgement(Verdict.OTHER, f"another deployment answered in its place: {answered_by}"[:LONGEST_DETAIL])
    if not reply.body.get(proof):
        return Judgement(Verdict.OTHER, f"the answer holds no {proof}")
    return Judgement(Verdict.WORKING)


def _failure(status: int, message: str) -> Verdict:
    for verdict, saying in SAYINGS:
        if re.search(saying, message, flags=re.IGNORECASE):
            return verdict
    return STATUSES.get(HTTPStatus(status), Verdict.OTHER) if status in set(HTTPStatus) else Verdict.OTHER


def cure(verdict: Verdict, model: ServedModel, stack: str) -> str:
    """Say what to do; empty for a model that works."""
    # A stored model is changed where it was stored.
    entry = "on the admin pages, where it was stored" if model.stored else f"in stacks/models/{model.name}.yaml"
    key = f"pulumi config set --secret --path 'gateway:keys.{model.key}' --stack {stack}"
    up = f"python -m ops up {stack}"
    match verdict:
        case Verdict.WORKING | Verdict.NOT_ASKED:
            return ""
        case Verdict.KEY_MISSING | Verdict.KEY_REFUSED if model.key:
            return f"`{key}` with a valid key, then `{up}`"
        case Verdict.KEY_MISSING | Verdict.KEY_REFUSED:
            return f"give it a valid key {entry}" if model.stored else f"name its `key` {entry}, set it, then `{up}`"
        case Verdict.UNREACHABLE:
            return f"start what serves {model.served_at or 'it'}, or let this host reach it"
        case Verdict.NOT_FOUND if not (model.ids or model.stored):
            return f"the gateway does not list it: `{up}`"
        case Verdict.NOT_FOUND:
            return f"correct `model` {entry}, then `{up}`"
        case Verdict.TIMED_OUT:
            return "ask again with a longer --timeout; where it is slow for good, raise litellm.config.request_timeout"
        case Verdict.RATE_LIMITED:
            return "ask again later, or have the provider raise the limit of the key"
        case Verdict.OTHER:
            return f"read what the replica logged: docker logs of gateway.stack={stack}"
