"""Alerting: a webhook like Slack's gets a message when a provider fails, and when it hangs."""

import json
import threading

import httpx
from docker.models.containers import Container

from testbed.completion import CHAT, question
from testbed.mock_provider import MockProvider
from testbed.wait import wait_until
from tests.hardening.configuration import HANGING

FAILING, SILENT = "voyage-3", "gpt-oss-20b-cloud"
ALERT_SECONDS = 60
"""LiteLLM collects alerts for ten seconds, and looks for hanging requests every half of the threshold."""


def reported(webhook: Container, *words: str) -> list[str]:
    """Return the messages that the webhook got and that hold these words."""
    lines = [line for line in webhook.logs().decode().splitlines() if line.startswith("{")]
    messages = [str(json.loads(line)["text"]) for line in lines]
    return [message for message in messages if all(word in message for word in words)]


def test_a_failing_provider_is_reported(proxy: httpx.Client, mock: MockProvider, webhook: Container) -> None:
    mock.fail({FAILING: "authentication"})
    assert proxy.post("/v1/embeddings", json={"model": FAILING, "input": "ping"}).status_code == 401
    wait_until(lambda: reported(webhook, "llm_exceptions", FAILING), ALERT_SECONDS)


def test_a_hanging_request_is_reported(proxy: httpx.Client, mock: MockProvider, webhook: Container) -> None:
    mock.fail({SILENT: "hang"})

    def ask() -> None:
        body = question(SILENT, timeout=HANGING * 4, num_retries=0)
        proxy.post(CHAT, json=body)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_until(lambda: reported(webhook, f"Requests are hanging - {HANGING}s+ request time", SILENT), ALERT_SECONDS)
    asking.join(ALERT_SECONDS)
    assert not asking.is_alive()
