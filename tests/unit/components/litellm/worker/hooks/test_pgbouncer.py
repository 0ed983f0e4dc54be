"""LiteLLM knows PgBouncer's words for an outage."""

import logging
import sys
from types import ModuleType

import pytest

from components.litellm.worker.hooks.pgbouncer import HANDLER, PHRASES, start


def handler(monkeypatch: pytest.MonkeyPatch, **lists: tuple[str, ...]) -> ModuleType:
    """Put a module with these lists in the place of LiteLLM's."""
    module = ModuleType(HANDLER)
    module.__dict__.update(lists)
    monkeypatch.setitem(sys.modules, HANDLER, module)
    return module


def test_pgbouncer_s_words_stand_beside_litellm_s(monkeypatch: pytest.MonkeyPatch) -> None:
    module = handler(monkeypatch, **dict.fromkeys(PHRASES, ("known",)))
    start()
    assert {name: getattr(module, name) for name in PHRASES} == {
        name: ("known", *phrases) for name, phrases in PHRASES.items()
    }


def test_a_release_without_such_a_list_says_what_is_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module = handler(monkeypatch, _SERVER_TERMINATED_PHRASES=())
    with caplog.at_level(logging.ERROR):
        start()
    assert [record.getMessage() for record in caplog.records] == [
        f"{HANDLER} has no _NOT_ACCEPTING_CONNECTIONS_PHRASES: an outage behind PgBouncer loses spend logs"
    ]
    assert module.__dict__["_SERVER_TERMINATED_PHRASES"] == ("server conn crashed",)


def test_a_release_without_the_module_starts_and_says_what_is_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, HANDLER, None)
    with caplog.at_level(logging.ERROR):
        start()
    assert [record.getMessage() for record in caplog.records] == [
        f"{HANDLER} has no {name}: an outage behind PgBouncer loses spend logs" for name in PHRASES
    ]


def test_phrases_are_in_lower_case_as_litellm_compares_them() -> None:
    assert [text for phrases in PHRASES.values() for text in phrases if text != text.lower()] == []
