"""OpenAI's chat completions and embeddings, which llama.cpp's server speaks too."""

from typing import Any
from uuid import uuid4

from . import content
from .control import Control, FaultKind
from .counts import Usage
from .handler import Answer, Call, Json, event, require
from .request import answer_words, conversation, texts_of

CREATED = 1_700_000_000
_TYPES = {
    FaultKind.AUTHENTICATION: ("authentication_error", "invalid_api_key"),
    FaultKind.NOT_FOUND: ("invalid_request_error", "model_not_found"),
    FaultKind.CONTENT_POLICY: ("invalid_request_error", "invalid_prompt"),
    FaultKind.RATE_LIMIT: ("rate_limit_error", "rate_limit_exceeded"),
    FaultKind.SERVER_ERROR: ("server_error", None),
    FaultKind.TIMEOUT: ("timeout", None),
}


def refuse(kind: FaultKind, message: str) -> Json:
    """OpenAI's error body."""
    if kind is FaultKind.CONTENT_POLICY:
        message = "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
    type_, code = _TYPES.get(kind, ("invalid_request_error", None))
    return {"error": {"message": message, "type": type_, "param": None, "code": code}}


def chat(request_body: Json, control: Control) -> Answer:
    """A chat completion, streamed when asked; usage ends the stream when `stream_options.include_usage` asks."""
    prompt = conversation(require(request_body, "messages"))
    limit = request_body.get("max_completion_tokens") or request_body.get("max_tokens")
    pieces, cut = answer_words(prompt, control.chunks, limit)
    usage = Usage(prompt_tokens=content.tokens(prompt), completion_tokens=len(pieces))
    finish = "length" if cut else "stop"
    if request_body.get("stream"):
        wants_usage = bool((request_body.get("stream_options") or {}).get("include_usage"))
        frames = _frames(request_body["model"], pieces, finish, usage, wants_usage=wants_usage)
        return Answer(usage, frames=frames, media_type="text/event-stream")
    message = {"role": "assistant", "content": "".join(pieces)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
    return Answer(
        usage, {**_head("chat.completion", request_body["model"]), "choices": [choice], "usage": _usage(usage)}
    )


def _frames(model: str, pieces: list[str], finish: str, usage: Usage, *, wants_usage: bool) -> tuple[bytes, ...]:
    head = _head("chat.completion.chunk", model)

    def chunk(delta: Json, reason: str | None = None) -> bytes:
        return event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})

    first = chunk({"role": "assistant", "content": ""})
    last = [chunk({}, finish)]
    if wants_usage:
        last.append(event({**head, "choices": [], "usage": _usage(usage)}))
    return (first, *(chunk({"content": piece}) for piece in pieces), *last, b"data: [DONE]\n\n")


def embeddings(request_body: Json, _control: Control) -> Answer:
    """Embeddings of the inputs, as numbers or, for `encoding_format` base64, packed."""
    texts = texts_of(require(request_body, "input"))
    dimensions = request_body.get("dimensions") or content.DIMENSIONS
    data = [embedding(index, text, dimensions, request_body.get("encoding_format")) for index, text in enumerate(texts)]
    usage = Usage(prompt_tokens=sum(map(content.tokens, texts)))
    told = {"prompt_tokens": usage.prompt_tokens, "total_tokens": usage.prompt_tokens}
    return Answer(usage, {"object": "list", "data": data, "model": request_body["model"], "usage": told})


def embedding(index: int, text: str, dimensions: int, encoding: str | None) -> Json:
    """One embedding of a list, in the shape OpenAI and Voyage share."""
    vector = content.vector(text, dimensions)
    value: Any = content.packed(vector) if encoding == "base64" else vector
    return {"object": "embedding", "index": index, "embedding": value}


def _head(object_: str, model: str) -> Json:
    # LiteLLM stores one spend row an id: ids must differ.
    return {"id": f"chatcmpl-{uuid4().hex}", "object": object_, "created": CREATED, "model": model}


def _usage(usage: Usage) -> Json:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }


CALLS = {
    "/openai/v1/chat/completions": Call(chat, refuse),
    "/openai/v1/embeddings": Call(embeddings, refuse),
    "/llamacpp/v1/embeddings": Call(embeddings, refuse),
}
