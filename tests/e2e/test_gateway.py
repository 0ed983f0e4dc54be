"""The main job: keys, completions, embeddings and reranks through the proxy, and their spend in Postgres."""

import time
from collections.abc import Iterator

import httpx
import openai
import pytest

from components.models.catalog import Mode, load_catalogue
from components.stack.settings import CATALOGUE
from tests.e2e.project import Project

MODELS = load_catalogue(CATALOGUE)
QUESTION = [{"role": "user", "content": "ping"}]
SPEND_PATIENCE = 60
"""Seconds; spend is written each 10 s in this stack."""


def of_mode(mode: Mode) -> list[str]:
    return [name for name, entry in MODELS.items() if entry.mode is mode]


@pytest.fixture(scope="module")
def key(proxy: httpx.Client) -> str:
    answer = proxy.post("/key/generate", json={"key_alias": "end-to-end"})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["key"])


@pytest.fixture(scope="module")
def client(gateway: Project, key: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{gateway.output('proxy_url')}/v1", api_key=key, max_retries=0) as client:
        yield client


@pytest.mark.parametrize("model", of_mode(Mode.CHAT))
def test_every_chat_model_answers_a_generated_key(client: openai.OpenAI, model: str) -> None:
    answer = client.chat.completions.create(model=model, messages=QUESTION)
    assert answer.choices[0].message.content
    assert answer.usage
    assert answer.usage.completion_tokens > 0


@pytest.mark.parametrize("model", of_mode(Mode.CHAT))
def test_every_chat_model_streams_its_answer_in_chunks(client: openai.OpenAI, model: str) -> None:
    with client.chat.completions.create(model=model, messages=QUESTION, stream=True) as stream:
        chunks = [
            chunk.choices[0].delta.content for chunk in stream if chunk.choices and chunk.choices[0].delta.content
        ]
    assert len(chunks) > 1


@pytest.mark.parametrize("model", of_mode(Mode.EMBEDDING))
def test_every_embedding_model_answers(client: openai.OpenAI, model: str) -> None:
    assert len(client.embeddings.create(model=model, input="ping").data[0].embedding) > 1


@pytest.mark.parametrize("model", of_mode(Mode.RERANK))
def test_every_rerank_model_puts_the_fitting_document_first(proxy: httpx.Client, key: str, model: str) -> None:
    body = {"model": model, "query": "cedar", "documents": ["ocean", "cedar"]}
    answer = proxy.post("/v1/rerank", json=body, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"][0]["index"] == 1


def test_an_unknown_key_is_refused(gateway: Project) -> None:
    answer = httpx.post(
        f"{gateway.output('proxy_url')}/v1/chat/completions",
        headers={"Authorization": "Bearer sk-unknown"},
        json={"model": "gpt-oss-20b-cloud", "messages": QUESTION},
    )
    assert answer.status_code == 401


def test_spend_of_a_key_reaches_postgres(gateway: Project, proxy: httpx.Client) -> None:
    key = proxy.post("/key/generate", json={"key_alias": "spender"}).json()["key"]
    body = {"model": "gpt-oss-20b-cloud", "messages": QUESTION}
    for _ in range(3):
        assert proxy.post("/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}).is_success
    logged = """select count(*), sum(s.spend) > 0 from "LiteLLM_SpendLogs" s
        join "LiteLLM_VerificationToken" t on s.api_key = t.token where t.key_alias = 'spender'"""
    added_up = """select spend > 0 from "LiteLLM_VerificationToken" where key_alias = 'spender'"""
    give_up = time.monotonic() + SPEND_PATIENCE
    while (gateway.sql(logged), gateway.sql(added_up)) != ("3|t", "t"):
        assert time.monotonic() < give_up, (gateway.sql(logged), gateway.sql(added_up))
        time.sleep(1)


def test_health_is_answered_on_its_own_port(gateway: Project) -> None:
    assert httpx.get(gateway.output("health_url")).status_code == 200


def test_only_the_ingress_can_be_reached_from_the_host(gateway: Project) -> None:
    published = {
        container.labels["gateway.workload"]
        for container in gateway.containers()
        if any((container.attrs["NetworkSettings"]["Ports"] or {}).values())
    }
    assert published == {"ingress"}
