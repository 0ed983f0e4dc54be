"""Modules as another release of LiteLLM may have them, and what a hook says of them."""

import logging
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest


def module(name: str, **content: Any) -> ModuleType:
    """Make a module with this content."""
    found = ModuleType(name)
    found.__dict__.update(content)
    return found


def warnings_of(start: Callable[[], None], caplog: pytest.LogCaptureFixture) -> list[str]:
    """Start a hook; return what it warns of."""
    with caplog.at_level(logging.WARNING):
        start()
    return [record.getMessage() for record in caplog.records]
