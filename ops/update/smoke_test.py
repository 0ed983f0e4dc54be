"""One chat completion through the gateway."""

import time
from collections.abc import Mapping

import httpx

PATIENCE = 30.0
"""Seconds to try for. A replica that has just become healthy may answer its first requests late."""


def ask(proxy_url: str, key: str, model: str, host: Mapping[str, str]) -> str:
    """Ask for one completion and give its text; `host` is the header that names one, where the edge does not serve all.

    Raises:
        httpx.HTTPError: when none was answered within PATIENCE.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            answer = httpx.post(
                f"{proxy_url}/v1/chat/completions",
                headers={"Authorization": f"Bearer {key}", **host},
                json={"model": model, "messages": [{"role": "user", "content": "ping"}]},
                timeout=PATIENCE,
            ).raise_for_status()
            return str(answer.json()["choices"][0]["message"]["content"])
        except httpx.HTTPError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)


def curl(proxy_url: str, stack: str, model: str, host: Mapping[str, str]) -> str:
    """Write the same request as a shell command; the key goes through a pipe, since arguments can be read by others."""
    named = "".join(f" -H '{name}: {value}'" for name, value in host.items())
    return (
        f"source .envrc; pulumi stack output master_key --show-secrets --stack {stack} |"
        " sed 's/^/Authorization: Bearer /' |\n"
        f"  curl -sS {proxy_url}/v1/chat/completions -H @-{named} -H 'Content-Type: application/json' \\\n"
        f"""    -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "ping"}}]}}'"""
    )
