"""Parameters of a deployment: numbers that are written as texts, and names that the release does not know."""

from collections.abc import Collection, Iterator
from typing import Any

from components.releases.check import of_type
from components.releases.release import Release
from components.settings.errors import nearest


def unknown_note(key: str, known: Collection[str], release: Release) -> str:
    """Return a note on a name that the release does not know; empty if it does."""
    if key in known:
        return ""
    hint = nearest(key, list(known))
    guess = f"; {hint}" if hint.startswith("did you mean") else ""
    return f"unknown to LiteLLM {release.release}, passed on by `unchecked: true`{guess}"


def converted(value: Any, kinds: list[str] | None) -> Any:
    """Return a number or truth value that is written as a text as what it is, as LiteLLM takes it."""
    if not kinds or not isinstance(value, str) or of_type(value, kinds):
        return value
    return next((each for each in _readings(value) if of_type(each, kinds)), value)


def _readings(text: str) -> Iterator[Any]:
    if text.lower() in ("true", "false"):
        yield text.lower() == "true"
    for kind in (int, float):
        try:
            yield kind(text)
        except ValueError:
            continue
