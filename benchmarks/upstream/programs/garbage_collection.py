"""Collects all garbage once LiteLLM's proxy is loaded: as it is (a), and with what was loaded left out (b).

The process answers nobody while it collects.
"""

import gc
import json
import time
from importlib import import_module


def collection() -> dict[str, float]:
    """Collect all garbage; return how many milliseconds it took."""
    begin = time.perf_counter()
    gc.collect()
    return {"milliseconds": 1000 * (time.perf_counter() - begin)}


def both() -> dict[str, dict[str, float]]:
    """Return what a collection takes on each side."""
    import_module("litellm.proxy.proxy_server")
    gc.collect()
    a = collection()
    gc.freeze()
    return {"a": a, "b": collection()}


if __name__ == "__main__":
    print(json.dumps(both()))
