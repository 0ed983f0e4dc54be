"""Ollama's chat, generate and embed, and its lookups of what models there are."""

from collections.abc import Callable

from . import content
from .control import Control, FaultKind
from .counts import Usage
from .handler import Answer, Call, Json, packed, require
from .request import answer_words, conversation, text_of, texts_of

CREATED_AT = "2023-11-14T22:13:20Z"
TAGS: Json = {"models": [{"name": "llama3.1:latest", "model": "llama3.1:latest"}]}
SHOW: Json = {
    "template": "{{ .Prompt }} {{ .Tools }}",
    "capabilities": ["completion", "tools"],
    "model_info": {"general.architecture": "llama", "llama.context_length": 131_072},
}


def refuse(_kind: FaultKind, message: str) -> Json:
    """Ollama's error body."""
    return {"error": message}


def chat(request_body: Json, control: Control) -> Answer:
    """The next message of a conversation; streamed unless `stream` is false, as Ollama does."""
    prompt = conversation(require(request_body, "messages"))
    return _answer(request_body, control, prompt, lambda piece: {"message": {"role": "assistant", "content": piece}})


def generate(request_body: Json, control: Control) -> Answer:
    """The continuation of a prompt; streamed unless `stream` is false."""
    prompt = text_of(require(request_body, "prompt"))
    return _answer(request_body, control, prompt, lambda piece: {"response": piece})


def embed(request_body: Json, _control: Control) -> Answer:
    """Embeddings of the inputs."""
    texts = texts_of(require(request_body, "input"))
    dimensions = request_body.get("dimensions") or content.DIMENSIONS
    usage = Usage(prompt_tokens=sum(map(content.tokens, texts)))
    vectors = [content.vector(text, dimensions) for text in texts]
    body = {"model": request_body["model"], "embeddings": vectors, "prompt_eval_count": usage.prompt_tokens}
    return Answer(usage, body)


def _answer(request_body: Json, control: Control, prompt: str, said: Callable[[str], Json]) -> Answer:
    limit = (request_body.get("options") or {}).get("num_predict")
    pieces, cut = answer_words(prompt, control.chunks, limit)
    usage = Usage(prompt_tokens=content.tokens(prompt), completion_tokens=len(pieces))
    head = {"model": request_body["model"], "created_at": CREATED_AT}
    end = {
        "done": True,
        "done_reason": "length" if cut else "stop",
        "prompt_eval_count": usage.prompt_tokens,
        "eval_count": usage.completion_tokens,
    }
    if request_body.get("stream") is False:
        return Answer(usage, {**head, **said("".join(pieces)), **end})
    lines = [{**head, **said(piece), "done": False} for piece in pieces] + [{**head, **said(""), **end}]
    return Answer(usage, frames=tuple(packed(line) + b"\n" for line in lines), media_type="application/x-ndjson")


CALLS = {
    "/ollama/api/chat": Call(chat, refuse),
    "/ollama/api/generate": Call(generate, refuse),
    "/ollama/api/embed": Call(embed, refuse),
}
