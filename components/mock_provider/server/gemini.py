"""Google's generateContent and streamGenerateContent."""

from uuid import uuid4

from . import content
from .control import Control, FaultKind
from .counts import Usage
from .handler import Answer, Call, Json, event, require
from .request import answer_words, text_of

_WORDING = {
    FaultKind.AUTHENTICATION: ("UNAUTHENTICATED", "API key not valid. Please pass a valid API key."),
    FaultKind.NOT_FOUND: ("NOT_FOUND", "The model is not found for API version v1beta."),
    FaultKind.CONTENT_POLICY: ("INVALID_ARGUMENT", "The response was blocked."),
    FaultKind.TIMEOUT: ("DEADLINE_EXCEEDED", None),
    FaultKind.RATE_LIMIT: ("RESOURCE_EXHAUSTED", "Resource exhausted"),
    FaultKind.SERVER_ERROR: ("INTERNAL", None),
}


def refuse(kind: FaultKind, message: str) -> Json:
    """Google's error body."""
    status, wording = _WORDING.get(kind, ("INVALID_ARGUMENT", None))
    return {"error": {"code": kind.status, "message": wording or message, "status": status}}


def generate(request_body: Json, control: Control) -> Answer:
    """The whole answer at once."""
    pieces, finish, usage = _reply(request_body, control)
    return Answer(usage, _part(request_body["model"], "".join(pieces), finish, usage, uuid4().hex))


def stream_generate(request_body: Json, control: Control) -> Answer:
    """The answer in server-sent events; the last one holds the finish reason, each one the usage so far."""
    pieces, finish, usage = _reply(request_body, control)
    id_, model = uuid4().hex, request_body["model"]
    parts = [
        _part(model, piece, None, Usage(usage.prompt_tokens, place), id_) for place, piece in enumerate(pieces, start=1)
    ]
    end = _part(model, "", finish, usage, id_)
    return Answer(usage, frames=tuple(map(event, [*parts, end])), media_type="text/event-stream")


def _reply(request_body: Json, control: Control) -> tuple[list[str], str, Usage]:
    system = request_body.get("system_instruction") or request_body.get("systemInstruction")
    turns = [system, *require(request_body, "contents")] if system else require(request_body, "contents")
    prompt = "\n".join(text_of(turn.get("parts")) for turn in turns)
    config = request_body.get("generationConfig") or {}
    limit = config.get("maxOutputTokens", config.get("max_output_tokens"))
    pieces, cut = answer_words(prompt, control.chunks, limit)
    return pieces, "MAX_TOKENS" if cut else "STOP", Usage(content.tokens(prompt), len(pieces))


def _part(model: str, text: str, finish: str | None, usage: Usage, id_: str) -> Json:
    candidate: Json = {"index": 0, "content": {"role": "model", "parts": [{"text": text}]}}
    if finish:
        candidate["finishReason"] = finish
    told = {
        "promptTokenCount": usage.prompt_tokens,
        "candidatesTokenCount": usage.completion_tokens,
        "totalTokenCount": usage.prompt_tokens + usage.completion_tokens,
    }
    return {"candidates": [candidate], "usageMetadata": told, "modelVersion": model, "responseId": id_}


CALLS = {
    "/gemini/v1beta/models/{model}:generateContent": Call(generate, refuse),
    "/gemini/v1beta/models/{model}:streamGenerateContent": Call(stream_generate, refuse),
}
