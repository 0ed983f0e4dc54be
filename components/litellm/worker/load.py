"""Runs LiteLLM's command once LiteLLM is loaded.

Loading makes 1.3 million objects that stay until the process ends. Python would look at them for garbage again and
again: a third of the time that loading takes. So it does not, and what is loaded is left out of later collections
(https://docs.python.org/3/library/gc.html#gc.freeze). Workers that Gunicorn forks share it.

Under Gunicorn, LiteLLM's command starts a thread that reads files, and forks the workers meanwhile. A worker that is
forked just as the thread loads the codec of these files would wait for that codec for ever. So it is loaded before.
"""

import codecs
import gc
import sys
from importlib import import_module

PROXY = "litellm.proxy.proxy_server"
"""LiteLLM's command loads it first, too."""
CODEC = "ascii"
"""Of the files that LiteLLM's thread reads (litellm/proxy/db/query_engine_reaper.py)."""


def load(module: str = PROXY) -> None:
    """Load a module with all that it needs, and keep it out of garbage collections."""
    gc.disable()
    try:
        import_module(module)
    finally:
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    load()
    codecs.lookup(CODEC)
    sys.exit(import_module("litellm").run_server())
