"""One chat completion through the gateway, which shows that a stack works after an update."""

from collections.abc import Mapping

import httpx

from ops.check.wait import wait_until
from ops.errors import OperationError
from ops.stack.gateway import Gateway
from ops.stack.litellm_admin import direct_connection
from ops.update.stopwatch import Stopwatch

COMPLETION_TIMEOUT_SECONDS = 30.0
"""For one request, and for all attempts: a replica that has just become healthy may answer its first ones late."""
RETRY_SECONDS = 0.5


def smoke_test(gateway: Gateway, stopwatch: Stopwatch) -> None:
    """Send one completion; print where the gateway is, how long all took, and the request as a shell command.

    Raises:
        OperationError: if the gateway does not answer.
    """
    pulumi_seconds = stopwatch.elapsed
    print(f"\n{gateway.stack} is up: {gateway.proxy_url}  health: {gateway.health_url}")
    model = gateway.chat_model
    if not model:
        print("no chat model has its key yet; the warnings above name the keys to set")
        return
    try:
        text = complete(gateway.proxy_url, gateway.headers, model)
    except httpx.HTTPError as error:
        raise OperationError(f"{model} did not answer through {gateway.proxy_url}: {error}") from error
    containers = f"{stopwatch.containers:.1f} s containers, " if stopwatch.containers else ""
    print(
        f"{model} answered {text!r} after {stopwatch.elapsed:.1f} s: {containers}"
        f"{pulumi_seconds - stopwatch.containers:.1f} s Pulumi,"
        f" {stopwatch.elapsed - pulumi_seconds:.1f} s the completion\n\n{curl_command(gateway, model)}"
    )


def complete(proxy_url: str, headers: Mapping[str, str], model: str) -> str:
    """Return the text of one completion.

    Raises:
        httpx.HTTPError: if no attempt succeeds within COMPLETION_TIMEOUT_SECONDS.
    """
    timeout = COMPLETION_TIMEOUT_SECONDS
    body = {"model": model, "messages": [{"role": "user", "content": "ping"}]}
    with httpx.Client(base_url=proxy_url, headers=headers, timeout=timeout, **direct_connection()) as client:
        answer = wait_until(
            lambda: client.post("/v1/chat/completions", json=body).raise_for_status(),
            timeout=timeout,
            interval=RETRY_SECONDS,
            retry_on=(httpx.HTTPError,),
        )
    return str(answer.json()["choices"][0]["message"]["content"])


def curl_command(gateway: Gateway, model: str) -> str:
    """Return the same request as a shell command; the key goes through a pipe, as other users can read arguments."""
    host = "".join(f" -H '{name}: {value}'" for name, value in gateway.host_header.items())
    return (
        f"source .envrc; pulumi stack output master_key --show-secrets --stack {gateway.stack} |"
        " sed 's/^/Authorization: Bearer /' |\n"
        f"  curl -sS --noproxy '*' {gateway.proxy_url}/v1/chat/completions -H @-{host} \\\n"
        "    -H 'Content-Type: application/json' \\\n"
        f"""    -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "ping"}}]}}'"""
    )
