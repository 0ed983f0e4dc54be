"""Callbacks reach Langfuse, an OpenTelemetry Collector, and the stack's own Python."""

from pathlib import Path

import httpx

from testbed.completion import CHAT, question
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.configuration.receivers import collector, langfuse, traces


def test_langfuse_is_sent_each_completion_with_its_model(gateway: Project, proxy: httpx.Client) -> None:
    with langfuse(gateway) as receiver:
        assert proxy.post(f"/llm{CHAT}", json=question("plain")).is_success
        wait_until(lambda: any("claude-test" in trace["body"] for trace in traces(receiver)), 60)
        trace = next(trace for trace in traces(receiver) if "claude-test" in trace["body"])
    assert trace["authorized"]
    assert "/api/public/" in trace["path"]


def test_collector_is_sent_a_span_for_each_completion(gateway: Project, proxy: httpx.Client, tmp_path: Path) -> None:
    with collector(gateway, tmp_path) as receiver:
        wait_until(lambda: b"Everything is ready" in receiver.logs(), 60)
        assert proxy.post(f"/llm{CHAT}", json=question("plain")).is_success
        wait_until(lambda: b"claude-test" in receiver.logs(), 60)
        log = receiver.logs().decode()
    assert "ResourceSpans" in log
    assert "litellm" in log


def test_own_callback_refuses_what_it_was_written_to_refuse(proxy: httpx.Client) -> None:
    body = question("plain") | {"messages": [{"role": "user", "content": "forbidden"}]}
    answer = proxy.post(f"/llm{CHAT}", json=body)
    assert "refused by the stack's own callback" in answer.text
