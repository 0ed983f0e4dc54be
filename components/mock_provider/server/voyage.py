"""Voyage's embeddings and rerank."""

from . import content
from .control import Control, FaultKind
from .counts import Usage
from .handler import Answer, Call, Json, require
from .openai import embedding
from .request import text_of, texts_of


def refuse(_kind: FaultKind, message: str) -> Json:
    """Voyage's error body."""
    return {"detail": message}


def embeddings(request_body: Json, _control: Control) -> Answer:
    """Embeddings of the inputs, as numbers or, for `encoding_format` base64, packed."""
    texts = texts_of(require(request_body, "input"))
    dimensions = request_body.get("output_dimension") or content.DIMENSIONS
    data = [embedding(index, text, dimensions, request_body.get("encoding_format")) for index, text in enumerate(texts)]
    return _answer(request_body, data, sum(map(content.tokens, texts)), searches=0)


def rerank(request_body: Json, _control: Control) -> Answer:
    """Documents by fit to the query; Voyage charges for the tokens of both."""
    query = require(request_body, "query")
    documents = [text_of(document) for document in require(request_body, "documents")]
    data: list[Json] = []
    for index, score in content.ranked(query, documents, request_body.get("top_k")):
        data.append({"index": index, "relevance_score": score})
        if request_body.get("return_documents"):
            data[-1]["document"] = documents[index]
    return _answer(request_body, data, content.tokens(query) + sum(map(content.tokens, documents)), searches=1)


def _answer(request_body: Json, data: list[Json], tokens: int, searches: int) -> Answer:
    body = {"object": "list", "data": data, "model": request_body["model"], "usage": {"total_tokens": tokens}}
    return Answer(Usage(prompt_tokens=tokens, searches=searches), body)


CALLS = {
    "/voyage/v1/embeddings": Call(embeddings, refuse),
    "/voyage/v1/rerank": Call(rerank, refuse),
}
