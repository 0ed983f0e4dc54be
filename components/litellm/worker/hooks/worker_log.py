"""Runs in each LiteLLM worker as it starts, where gunicorn is its parent: gives the server's log to LiteLLM's.

Gunicorn writes a line of text for each request, whatever LITELLM_LOG says and with no setting to end it.
"""

import logging
import os

SERVER = ("uvicorn.access", "uvicorn.error")
LITELLM = "LiteLLM Proxy"


def start() -> None:
    """Let the server's loggers write what LiteLLM's own writes, in the same form."""
    for name in SERVER:
        logger = logging.getLogger(name)
        logger.handlers = logging.getLogger(LITELLM).handlers
        logger.setLevel(os.environ["LITELLM_LOG"])
