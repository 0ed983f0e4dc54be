"""The master key is replaced on a running gateway: nothing that LiteLLM stored is lost, nobody else notices."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import yaml

from tests.e2e.project import Project

MODEL = "stored-before-the-rotation"
PROVIDER_KEY = "sk-provider-key-stored-before"


def completes(url: str, key: str, model: str) -> int:
    body = {"model": model, "messages": [{"role": "user", "content": "ping"}]}
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.post(f"{url}/v1/chat/completions", json=body, headers=headers, timeout=60).status_code


@dataclass
class Traffic:
    """Requests of somebody who holds a virtual key, one after the other, while something else goes on."""

    url: str
    key: str
    model: str = MODEL
    results: list[int | str] = field(default_factory=list)
    _done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self._done.wait(0.2):
            try:
                self.results.append(completes(self.url, self.key, self.model))
            except httpx.HTTPError as error:
                self.results.append(repr(error))

    def __enter__(self) -> "Traffic":
        self._thread = threading.Thread(target=self.run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


@pytest.fixture
def virtual_key(gateway: Project, proxy: httpx.Client) -> Iterator[str]:
    """A virtual key, and a stored model whose credential is encrypted."""
    parameters = {"model": "openai/gpt-stored", "api_base": "http://provider:8090/openai/v1", "api_key": PROVIDER_KEY}
    stored = proxy.post("/model/new", json={"model_name": MODEL, "litellm_params": parameters})
    assert stored.status_code == 200, stored.text
    made = proxy.post("/key/generate", json={"key_alias": "before-the-rotation"})
    assert made.status_code == 200, made.text
    yield str(made.json()["key"])
    proxy.headers["Authorization"] = f"Bearer {gateway.output('master_key')}"


def test_a_rotation_makes_the_old_key_worthless_and_costs_nobody_else_anything(
    gateway: Project, virtual_key: str
) -> None:
    url, old_key = gateway.output("proxy_url"), gateway.output("master_key")
    at_rest = f"""select litellm_params from "LiteLLM_ProxyModelTable" where model_name = '{MODEL}'"""
    before, salt_key = gateway.sql(at_rest), salt_of(gateway)
    assert completes(url, virtual_key, MODEL) == 200

    with Traffic(url, virtual_key) as traffic:
        result = gateway.ops("rotate", gateway.stack, "--yes")
    assert result.exit_code == 0, result.output
    print(f"\nrotation took {result.seconds:.0f} s, {len(traffic.results)} requests meanwhile")

    new_key = gateway.output("master_key")
    assert new_key != old_key
    assert completes(url, old_key, MODEL) == 401
    assert completes(url, new_key, MODEL) == 200
    assert completes(url, virtual_key, MODEL) == 200
    assert gateway.sql(at_rest) == before
    assert salt_of(gateway) == salt_key
    assert PROVIDER_KEY not in before
    assert len(traffic.results) > 20
    assert [result for result in traffic.results if result != 200] == []

    assert f"stored models that answered before and after: {MODEL}" in result.output
    assert f"pulumi stack output master_key --show-secrets --stack {gateway.stack}" in result.output
    assert [key for key in (old_key, new_key, virtual_key, salt_key) if key in result.output] == []
    assert yaml.safe_load(gateway.config_file.read_text())["config"]["gateway:master_key_generation"] == 2
    assert gateway.sql("""select count(*) from "LiteLLM_VerificationToken" where expires is not null""") == "0"
    gateway.must("preview", "--expect-no-changes")


def salt_of(gateway: Project) -> str:
    _, text = gateway.container("litellm-1").exec_run(["grep", "LITELLM_SALT_KEY", "/run/secrets/environment"])
    return str(text.decode()).strip().removeprefix("export LITELLM_SALT_KEY=")


def test_a_rotation_without_an_answer_to_its_question_changes_nothing(gateway: Project) -> None:
    before, key = gateway.config_file.read_text(), gateway.output("master_key")
    result = gateway.ops("rotate", gateway.stack)
    assert result.exit_code != 0
    assert "Replace the master key" in result.output
    assert gateway.config_file.read_text() == before
    assert gateway.output("master_key") == key
