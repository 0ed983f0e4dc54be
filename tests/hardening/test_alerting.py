"""Alerting: a webhook like Slack's hears of a provider that fails, and of one that hangs."""

import json
import threading

import httpx
from docker.models.containers import Container

from tests.hardening.replica import Mock, question, wait_for
from tests.hardening.stack import HANGING

FAILING, SILENT = "voyage-3", "gpt-oss-20b-cloud"
PATIENCE = 60
"""Seconds. LiteLLM collects alerts for ten seconds, and looks for hanging requests every half of the threshold."""


def heard(webhook: Container) -> list[str]:
    return [str(json.loads(line)["text"]) for line in webhook.logs().decode().splitlines() if line.startswith("{")]


def test_the_webhook_hears_of_a_provider_that_fails(proxy: httpx.Client, mock: Mock, webhook: Container) -> None:
    mock.fail({FAILING: "authentication"})
    assert proxy.post("/v1/embeddings", json={"model": FAILING, "input": "ping"}).status_code == 401
    wait_for(lambda: [text for text in heard(webhook) if "llm_exceptions" in text and FAILING in text], PATIENCE)


def test_the_webhook_hears_of_a_request_that_hangs(proxy: httpx.Client, mock: Mock, webhook: Container) -> None:
    mock.fail({SILENT: "hang"})

    def ask() -> None:
        body = question(SILENT, timeout=HANGING * 4, num_retries=0)
        proxy.post("/v1/chat/completions", json=body)

    asking = threading.Thread(target=ask)
    asking.start()
    told = f"Requests are hanging - {HANGING}s+ request time"
    wait_for(lambda: [text for text in heard(webhook) if told in text and SILENT in text], PATIENCE)
    asking.join(PATIENCE)
    assert not asking.is_alive()
