"""Runs in each LiteLLM worker as it starts: has it know the words by which PgBouncer says that Postgres is away.

LiteLLM takes an error that it does not know for the fault of the row it writes, and drops the row: a request that was
answered while Postgres was away would be missing from the spend logs. What it knows as an outage it writes later.
"""

import logging
from importlib import import_module

HANDLER = "litellm.proxy.db.exception_handler"
PHRASES = {
    # The statement never ran.
    "_NOT_ACCEPTING_CONNECTIONS_PHRASES": (
        "server login has been failing",
        "server login failed",
        "no more connections allowed",
    ),
    # It may have run.
    "_SERVER_TERMINATED_PHRASES": ("server conn crashed",),
}
"""LiteLLM's list of phrases, in lower case → what PgBouncer says (its src/client.c, src/objects.c, src/server.c)."""


def start() -> None:
    """Add the phrases to LiteLLM's own."""
    try:
        handler = import_module(HANDLER)
    except ImportError:
        handler = None
    for name, phrases in PHRASES.items():
        if not hasattr(handler, name):
            logging.getLogger("LiteLLM Proxy").error(
                "%s has no %s: an outage behind PgBouncer loses spend logs", HANDLER, name
            )
            continue
        setattr(handler, name, (*getattr(handler, name), *phrases))
