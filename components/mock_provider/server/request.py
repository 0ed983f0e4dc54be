"""What requests to all providers have in common: texts in several forms, and a limit on the answer."""

from typing import Any

from . import content
from .handler import Refused


def text_of(value: Any) -> str:
    """Return the text of a message's content or a document: a string, an object with `text`, or a list of them."""
    match value:
        case None:
            return ""
        case str():
            return value
        case {"text": str(text)}:
            return text
        case dict():
            return ""
        case list():
            return " ".join(filter(None, map(text_of, value)))
    raise Refused(f"a text, a part with text or a list of parts is wanted, not {value!r}")


def conversation(messages: list[dict[str, Any]]) -> str:
    """Return the text of all messages, one a line."""
    return "\n".join(text_of(message.get("content")) for message in messages)


def texts_of(given: Any) -> list[str]:
    """Return the inputs of an embedding request: a text, token numbers, or a list of either."""
    match given:
        case str():
            return [given]
        case [int(), *_]:
            return [" ".join(map(str, given))]
        case [*several]:
            return [text for one in several for text in texts_of(one)]
    raise Refused(f"a text or a list of texts is wanted, not {given!r}")


def answer_words(request_body: str, chunks: int, limit: int | None) -> tuple[list[str], bool]:
    """Return the pieces of the answer, and whether the token limit of the request cut it short."""
    allowed = chunks if limit is None or limit < 0 else min(chunks, limit)
    return content.reply(request_body, allowed), allowed < chunks
