"""Circuit breaker: a deployment that fails too often is left out for a while. All workers count together."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from testbed.completion import CHAT, question
from testbed.mock_provider import MockProvider
from tests.hardening.configuration import COOLDOWN, WORKERS

COOLED = {
    "authentication": ("ministral-3-8b-cloud", 5),
    "timeout": ("cogito-2-1-671b-cloud", 20),
    "server_error": ("deepseek-v3-1-671b-cloud", 20),
}
"""Error → a model that fails with it, and how many failures are allowed: prod's counts."""
SPARED = {"rate_limit": "mistral-large-3-675b-cloud", "bad_request": "kimi-k2-1t-cloud"}
"""Error → model. prod allows 10000 and 1000; LiteLLM counts no bad request, which is the caller's fault."""
OTHERWISE = ("gemini-1.5-pro", "not_found", 5)
"""A model with a fallback, an error that the policy does not name, and prod's `allowed_fails`."""
MANY = 30
"""More than any of the counts that can be reached."""


def ask(proxy: httpx.Client, model: str) -> httpx.Response:
    """Ask once: `num_retries` 0 makes one request one call."""
    return proxy.post(CHAT, json=question(model, num_retries=0))


def ask_many(proxy: httpx.Client, model: str) -> tuple[list[str], float]:
    """Ask MANY times; return the answers' errors, and when the first refusal for cooldown came."""
    kinds, cooled = [], 0.0
    for _ in range(MANY):
        kinds.append(str(ask(proxy, model).json()["error"]["type"]))
        if kinds[-1] == "all_deployments_in_cooldown":
            cooled = cooled or time.monotonic()
    return kinds, cooled


def seconds_until_back(proxy: httpx.Client, model: str, since: float) -> float:
    """Ask until the deployment answers again; return the seconds since then."""
    while not ask(proxy, model).is_success:
        assert time.monotonic() < since + 3 * COOLDOWN, model
        time.sleep(0.5)
    return time.monotonic() - since


def test_a_failing_deployment_cools_down_after_its_allowed_failures(proxy: httpx.Client, mock: MockProvider) -> None:
    mock.fail({model: kind for kind, (model, _) in COOLED.items()})
    models = [model for model, _ in COOLED.values()]
    with ThreadPoolExecutor(len(models)) as pool:
        results = list(pool.map(lambda model: ask_many(proxy, model), models))
        calls = {kind: mock.requests(model) for kind, (model, _) in COOLED.items()}
        mock.set()
        cooled = [at for _, at in results]
        back = list(pool.map(lambda one: seconds_until_back(proxy, *one), zip(models, cooled, strict=True)))
    # The failure beyond those allowed is the last call. Another worker may make one more before it knows.
    more = {kind: calls[kind] - allowed for kind, (_, allowed) in COOLED.items()}
    assert set(more.values()) <= set(range(1, WORKERS + 1)), calls
    for kind, (kinds, _) in zip(COOLED, results, strict=True):
        assert kinds.count("all_deployments_in_cooldown") == MANY - calls[kind]
    assert [round(seconds) for seconds in back if not COOLDOWN - 2 <= seconds <= COOLDOWN + 3] == []


def test_rate_limits_and_bad_requests_cause_no_cooldown(proxy: httpx.Client, mock: MockProvider) -> None:
    mock.fail({model: kind for kind, model in SPARED.items()})
    with ThreadPoolExecutor(len(SPARED)) as pool:
        list(pool.map(lambda model: ask_many(proxy, model), SPARED.values()))
    assert {model: mock.requests(model) for model in SPARED.values()} == dict.fromkeys(SPARED.values(), MANY)
    mock.set()
    assert [ask(proxy, model).status_code for model in SPARED.values()] == [200, 200]


def test_other_errors_count_against_allowed_fails_and_the_fallback_answers(
    proxy: httpx.Client, mock: MockProvider
) -> None:
    model, kind, allowed = OTHERWISE
    mock.fail({model: kind})
    answers = [ask(proxy, model).status_code for _ in range(3 * allowed)]
    assert set(answers) == {200}
    assert mock.requests(model) - allowed in range(1, WORKERS + 1)
