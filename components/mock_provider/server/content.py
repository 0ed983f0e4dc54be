"""The mock provider's answers: text, vectors and scores that depend on the request alone."""

import base64
from array import array
from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from random import Random
from zlib import crc32

DIMENSIONS = 1024
WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath",
    "inlet", "juniper", "kelp", "larch", "maple", "north", "ocean", "pine",
)  # fmt: skip


def reply(request_body: str, words: int) -> list[str]:
    """Return the answer to a question, one piece a word; joined, the pieces are the text."""
    start = crc32(request_body.encode())
    chosen = [WORDS[(start + place) % len(WORDS)] for place in range(words)]
    return [chosen[0], *(f" {word}" for word in chosen[1:])] if chosen else []


def tokens(text: str) -> int:
    """How many tokens a text costs: its words."""
    return len(text.split())


@lru_cache(maxsize=2048)
def vector(text: str, dimensions: int = DIMENSIONS) -> Sequence[float]:
    """The embedding of a text: 32-bit floats, length one."""
    random = Random(crc32(text.encode()))  # noqa: S311 - the same text must have the same vector
    raw = [random.random() - 0.5 for _ in range(dimensions)]
    length = sqrt(sum(value * value for value in raw))
    return tuple(array("f", (value / length for value in raw)))


def packed(values: Sequence[float]) -> str:
    """A vector as providers send it on request: base64 of little-endian 32-bit floats."""
    return base64.b64encode(array("f", values).tobytes()).decode()


def score(query: str, document: str) -> float:
    """How well a document fits a query, 0 to 1: the share of the query's words that the document holds."""
    wanted = set(query.lower().split())
    found = wanted & set(document.lower().split())
    return round(len(found) / len(wanted), 4) if wanted else 0.0


def ranked(query: str, documents: Sequence[str], top: int | None) -> list[tuple[int, float]]:
    """Indexes and scores of the documents that fit best, best first; equal scores keep their order."""
    scores = [(index, score(query, document)) for index, document in enumerate(documents)]
    return sorted(scores, key=lambda pair: -pair[1])[:top]
