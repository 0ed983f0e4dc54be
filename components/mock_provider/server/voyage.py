"""Voyage's embeddings and rerank."""

from . import content
from .control import Control, FaultKind
from .counts import Usage
from .exchange import Answer, Call, Json, need
from .openai import embedding
from .question import text_of, texts_of


def refuse(_kind: FaultKind, message: str) -> Json:
    """Voyage's error body."""
    return {"detail": message}


def embeddings(question: Json, _control: Control) -> Answer:
    """Embeddings of the inputs, as numbers or, for `encoding_format` base64, packed."""
    texts = texts_of(need(question, "input"))
    dimensions = question.get("output_dimension") or content.DIMENSIONS
    data = [embedding(index, text, dimensions, question.get("encoding_format")) for index, text in enumerate(texts)]
    return _answer(question, data, sum(map(content.tokens, texts)), searches=0)


def rerank(question: Json, _control: Control) -> Answer:
    """Documents by fit to the query; Voyage charges for the tokens of both."""
    query = need(question, "query")
    documents = [text_of(document) for document in need(question, "documents")]
    data: list[Json] = []
    for index, score in content.ranked(query, documents, question.get("top_k")):
        data.append({"index": index, "relevance_score": score})
        if question.get("return_documents"):
            data[-1]["document"] = documents[index]
    return _answer(question, data, content.tokens(query) + sum(map(content.tokens, documents)), searches=1)


def _answer(question: Json, data: list[Json], tokens: int, searches: int) -> Answer:
    body = {"object": "list", "data": data, "model": question["model"], "usage": {"total_tokens": tokens}}
    return Answer(Usage(prompt_tokens=tokens, searches=searches), body)


CALLS = {
    "/voyage/v1/embeddings": Call(embeddings, refuse),
    "/voyage/v1/rerank": Call(rerank, refuse),
}
