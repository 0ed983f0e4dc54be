"""Several deployments under one name: weights, aliases, cooldown, and any provider in the mock's form."""

from collections import Counter

import httpx

from testbed.completion import CHAT, question
from testbed.mock_provider import MockProvider
from tests.e2e.configuration.conftest import WEIGHTS

REQUESTS = 200
MOST_OFF = 0.12
"""Of a share: with 200 requests, a share of a half is off by more than this once in a thousand runs."""


def ask(proxy: httpx.Client, model: str = "balanced") -> httpx.Response:
    """Ask for one completion."""
    return proxy.post(f"/llm{CHAT}", json=question(model))


def requests_by_deployment(mock: MockProvider) -> Counter[str]:
    """Return how many requests each deployment got."""
    models = mock.client.get("/counts").json()["models"]
    return Counter({model: int(models.get(model, {}).get("requests", 0)) for model in WEIGHTS})


def test_weights_share_out_the_requests_of_one_name(proxy: httpx.Client, mock: MockProvider) -> None:
    assert [ask(proxy).status_code for _ in range(REQUESTS)] == [200] * REQUESTS
    found, total = requests_by_deployment(mock), sum(WEIGHTS.values())
    print(f"\n{dict(found)} of {REQUESTS} requests; weights {WEIGHTS}")
    for model, weight in WEIGHTS.items():
        assert abs(found[model] / REQUESTS - weight / total) < MOST_OFF, (model, found)


def test_a_failing_deployment_cools_down_and_costs_no_request(proxy: httpx.Client, mock: MockProvider) -> None:
    mock.set(faults=[{"kind": "server_error", "model": "gpt-first"}])
    statuses = Counter(ask(proxy).status_code for _ in range(REQUESTS))
    found = requests_by_deployment(mock)
    print(f"\n{dict(statuses)}; {dict(found)}")
    assert statuses == {200: REQUESTS}
    # It is left out after some failures: without a cooldown half of the requests would try it first.
    assert found["gpt-first"] < REQUESTS / 4


def test_alias_asks_the_same_deployments(proxy: httpx.Client, mock: MockProvider) -> None:
    assert ask(proxy, "gpt").status_code == 200
    assert sum(requests_by_deployment(mock).values()) == 1


def test_model_of_a_provider_that_the_mock_does_not_imitate_answers(proxy: httpx.Client) -> None:
    assert ask(proxy, "plain").json()["choices"][0]["message"]["content"]


def test_unknown_parameter_of_a_client_is_dropped(proxy: httpx.Client) -> None:
    answer = proxy.post(f"/llm{CHAT}", json=question("plain", logit_bias={"1": 1}))
    assert answer.status_code == 200, answer.text
