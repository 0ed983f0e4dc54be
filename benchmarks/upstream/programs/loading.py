"""Loads LiteLLM's proxy: as it is (a), and without garbage collections meanwhile (b), each in a process of its own."""

import json
import subprocess
import sys

PROGRAM = """
import gc, sys, time
if sys.argv[1] == "b":
    gc.disable()
begin = time.process_time()
import litellm.proxy.proxy_server
seconds = time.process_time() - begin
print(seconds, gc.collect())
"""


def loaded(side: str) -> dict[str, float]:
    """Return the processor seconds that loading took, and how many objects were garbage at its end."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM, side], check=True, capture_output=True, text=True)
    seconds, garbage = ended.stdout.split()[-2:]
    return {"seconds": float(seconds), "garbage": float(garbage)}


if __name__ == "__main__":
    print(json.dumps({side: loaded(side) for side in ("a", "b")}))
