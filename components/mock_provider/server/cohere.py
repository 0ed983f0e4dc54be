"""Cohere's rerank (v1 and v2) and embed (v2)."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from . import content
from .control import Control, FaultKind
from .counts import Usage
from .handler import Answer, Call, Json, Refused, require
from .request import text_of

_MESSAGES = {FaultKind.AUTHENTICATION: "invalid api token", FaultKind.SERVER_ERROR: "internal server error"}


def refuse(kind: FaultKind, message: str) -> Json:
    """Cohere's error body."""
    return {"id": uuid4().hex, "message": _MESSAGES.get(kind, message)}


def rerank(request_body: Json, _control: Control) -> Answer:
    """Documents by fit to the query; one search unit a request, which is what Cohere charges for."""
    query = require(request_body, "query")
    documents = [text_of(document) for document in require(request_body, "documents")]
    results: list[Json] = []
    for index, score in content.ranked(query, documents, request_body.get("top_n")):
        results.append({"index": index, "relevance_score": score})
        if request_body.get("return_documents"):
            results[-1]["document"] = {"text": documents[index]}
    units = {"search_units": 1}
    usage = Usage(prompt_tokens=content.tokens(query) + sum(map(content.tokens, documents)), searches=1)
    return Answer(usage, {"id": uuid4().hex, "results": results, "meta": {"billed_units": units}})


def embed(request_body: Json, _control: Control) -> Answer:
    """Embeddings of the texts, by type: float (the default) and base64."""
    texts = [text_of(text) for text in require(request_body, "texts")]
    dimensions = request_body.get("output_dimension") or content.DIMENSIONS
    vectors = [content.vector(text, dimensions) for text in texts]
    shapes: dict[str, Callable[[Sequence[float]], Any]] = {"float": list, "base64": content.packed}
    kinds = request_body.get("embedding_types") or ["float"]
    if unknown := set(kinds) - set(shapes):
        raise Refused(f"embedding_types should be float or base64, not {', '.join(sorted(unknown))}")
    usage = Usage(prompt_tokens=sum(map(content.tokens, texts)))
    return Answer(
        usage,
        {
            "id": uuid4().hex,
            "texts": texts,
            "embeddings": {kind: [shapes[kind](vector) for vector in vectors] for kind in kinds},
            "meta": {"billed_units": {"input_tokens": usage.prompt_tokens}},
        },
    )


CALLS = {
    "/cohere/v1/rerank": Call(rerank, refuse),
    "/cohere/v2/rerank": Call(rerank, refuse),
    "/cohere/v2/embed": Call(embed, refuse),
}
