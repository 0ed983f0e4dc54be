"""What a gateway is for: it answers keys, counts what they spend, and is changed while it answers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from components.litellm.environment import STARTUP_HOOKS
from components.models.model import CHAT, EMBEDDING, RERANK
from testbed.completion import MODEL, Caller, question, status
from testbed.configuration import development
from testbed.container import must_run
from testbed.gateway import new_key, running
from testbed.mock_provider import MODELS, MockProvider
from testbed.project import Project
from testbed.wait import wait_until

QUESTION: list[ChatCompletionMessageParam] = [{"role": "user", "content": "ping"}]
PRICED = ("ollama_chat/qwen3:8b", "openai/gpt-4.1", "openai/GPT-4.1", "azure/gpt-4.1", "hosted_vllm/own",
          "bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0", "gemini/gemini-2.5-pro")  # fmt: skip
"""Models that LiteLLM knows by the same name, by another, and not at all."""
SPEND_TIMEOUT = 60
"""Seconds; spend is written every 10 s in this stack."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A gateway like dev's."""
    with running(Project(tmp_path_factory.mktemp("smoke"), "smoke", development())) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def key(proxy: httpx.Client) -> str:
    """A virtual key."""
    return new_key(proxy, "smoke")


@pytest.fixture(scope="module")
def client(gateway: Project, key: str) -> Iterator[openai.OpenAI]:
    """OpenAI's own client with the virtual key."""
    with openai.OpenAI(base_url=f"{gateway.output('proxy_url')}/v1", api_key=key, max_retries=0) as client:
        yield client


def failing(mode: str, answers: Callable[[str], bool]) -> list[str]:
    """Ask each model of a mode; return those that do not answer well."""
    models = [name for name, model in MODELS.items() if model.mode == mode]
    assert models
    return [model for model in models if not answers(model)]


def test_every_part_of_the_gateway_is_healthy(gateway: Project) -> None:
    parts = json.loads(gateway.must_ops("health", "--json"))["parts"]
    running = {each.labels["gateway.workload"] for each in gateway.containers() if each.status == "running"}
    assert len(running) > 5
    assert {part["part"] for part in parts} > running
    assert [part for part in parts if part["state"] != "healthy"] == []


def test_every_chat_model_answers_a_virtual_key(client: openai.OpenAI) -> None:
    def answers(model: str) -> bool:
        answer = client.chat.completions.create(model=model, messages=QUESTION)
        return bool(answer.choices[0].message.content and answer.usage and answer.usage.completion_tokens)

    assert failing(CHAT, answers) == []


def test_every_chat_model_streams_its_answer_in_chunks(client: openai.OpenAI) -> None:
    def answers(model: str) -> bool:
        with client.chat.completions.create(model=model, messages=QUESTION, stream=True) as stream:
            return len([chunk for chunk in stream if chunk.choices and chunk.choices[0].delta.content]) > 1

    assert failing(CHAT, answers) == []


def test_a_request_makes_no_other_that_asks_about_its_model(client: openai.OpenAI, mock: MockProvider) -> None:
    for model in (name for name, model in MODELS.items() if model.mode == CHAT):
        client.chat.completions.create(model=model, messages=QUESTION)
    assert mock.lookups == {}


def test_workers_find_in_litellm_what_they_replace(gateway: Project) -> None:
    replica = gateway.container("litellm-1")
    text = replica.logs().decode()
    hooks = dict(each.split("=", 1) for each in replica.attrs["Config"]["Env"])[STARTUP_HOOKS]
    told = [f"Worker startup hook '{hook}' executed successfully" for hook in hooks.split(",")]
    assert [line for line in told if line not in text] == []
    assert [line for line in text.splitlines() if "is not replaced" in line] == []


def test_second_request_of_a_model_does_not_register_its_price_again(gateway: Project) -> None:
    program = Path(__file__).with_name("register_twice.py").read_text()
    printed = must_run(gateway.container("litellm-1"), "python3", "-c", program, *PRICED)
    assert json.loads(printed.splitlines()[-1]) == []


def test_every_embedding_model_answers(client: openai.OpenAI) -> None:
    def answers(model: str) -> bool:
        return len(client.embeddings.create(model=model, input="ping").data[0].embedding) > 1

    assert failing(EMBEDDING, answers) == []


def test_every_rerank_model_puts_the_right_document_first(proxy: httpx.Client, key: str) -> None:
    def answers(model: str) -> bool:
        body = {"model": model, "query": "cedar", "documents": ["ocean", "cedar"]}
        answer = proxy.post("/v1/rerank", json=body, headers={"Authorization": f"Bearer {key}"})
        return answer.is_success and answer.json()["results"][0]["index"] == 1

    assert failing(RERANK, answers) == []


def test_an_unknown_key_is_refused(gateway: Project) -> None:
    assert status(gateway.output("proxy_url"), "sk-unknown") == 401


def test_the_spend_of_a_key_reaches_postgres(gateway: Project, proxy: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {new_key(proxy, 'spender')}"}
    for _ in range(3):
        assert proxy.post("/v1/chat/completions", json=question(), headers=headers).is_success
    logged = """select count(*), sum(s.spend) > 0 from "LiteLLM_SpendLogs" s
        join "LiteLLM_VerificationToken" t on s.api_key = t.token where t.key_alias = 'spender'"""
    added_up = """select spend > 0 from "LiteLLM_VerificationToken" where key_alias = 'spender'"""
    wait_until(lambda: (gateway.sql(logged), gateway.sql(added_up)) == ("3|t", "t"), SPEND_TIMEOUT, pause=1)


def test_only_the_ingress_has_ports_on_the_host(gateway: Project) -> None:
    published = {
        container.labels["gateway.workload"]
        for container in gateway.containers()
        if any((container.attrs["NetworkSettings"]["Ports"] or {}).values())
    }
    assert published == {"ingress"}


def test_a_changed_setting_replaces_the_replica_and_no_request_fails(gateway: Project, key: str) -> None:
    old = gateway.container("litellm-1").id
    with Caller(gateway.output("proxy_url"), key, MODEL) as caller:
        gateway.change("gateway:litellm.config.cooldown_time", 61)
        result = gateway.up()
    print(f"\nthe update took {result.seconds:.1f} s, {len(caller.results)} requests meanwhile")
    assert gateway.container("litellm-1").id != old
    assert b"cooldown_time: 61" in gateway.file("litellm-1", "/etc/gateway/config.yaml")
    assert len(caller.results) > 10
    assert caller.failures == []


def test_an_update_without_a_change_changes_nothing(gateway: Project) -> None:
    gateway.must("up", "--yes", "--skip-preview", "--expect-no-changes")
