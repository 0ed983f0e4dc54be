"""Circuit breaker: failures are counted by the provider's error, over all workers, until the deployment cools down."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.hardening.replica import Mock, question
from tests.hardening.stack import COOLDOWN, WORKERS

COOLED = {
    "authentication": ("ministral-3-8b-cloud", 5),
    "timeout": ("cogito-2-1-671b-cloud", 20),
    "server_error": ("deepseek-v3-1-671b-cloud", 20),
}
"""Error → a model that fails so, and the failures that it may have: prod's counts."""
SPARED = {"rate_limit": "mistral-large-3-675b-cloud", "bad_request": "kimi-k2-1t-cloud"}
"""prod allows 10000 and 1000. LiteLLM counts no bad request at all: it is the caller's fault."""
OTHERWISE = ("gemini-1.5-pro", "not_found", 5)
"""A model with a fallback that fails in a way that the policy does not name: prod's `allowed_fails`."""
MANY = 30
"""More than any of the counts that can be reached."""


def ask(proxy: httpx.Client, model: str) -> httpx.Response:
    """Ask once: `num_retries` 0 makes one request one call."""
    return proxy.post("/v1/chat/completions", json=question(model, num_retries=0))


def ask_many(proxy: httpx.Client, model: str) -> tuple[list[str], float]:
    """Ask one after the other; give the answers' errors, and when the first refusal for cooldown came."""
    kinds, cooled = [], 0.0
    for _ in range(MANY):
        kinds.append(str(ask(proxy, model).json()["error"]["type"]))
        if kinds[-1] == "all_deployments_in_cooldown":
            cooled = cooled or time.monotonic()
    return kinds, cooled


def seconds_until_back(proxy: httpx.Client, model: str, since: float) -> float:
    """Ask until the deployment answers again."""
    while not ask(proxy, model).is_success:
        assert time.monotonic() < since + 3 * COOLDOWN, model
        time.sleep(0.5)
    return time.monotonic() - since


def test_a_failing_deployment_is_left_out_after_the_right_number_of_failures_and_for_the_right_time(
    proxy: httpx.Client, mock: Mock
) -> None:
    mock.fail({model: kind for kind, (model, _) in COOLED.items()})
    models = [model for model, _ in COOLED.values()]
    with ThreadPoolExecutor(len(models)) as pool:
        results = list(pool.map(lambda model: ask_many(proxy, model), models))
        calls = {kind: mock.calls(model) for kind, (model, _) in COOLED.items()}
        mock.set()
        back = list(pool.map(lambda one: seconds_until_back(proxy, *one), zip(models, [at for _, at in results])))  # noqa: B905
    # The failure beyond those allowed is the last call, but for one that another worker makes before it has heard.
    more = {kind: calls[kind] - allowed for kind, (_, allowed) in COOLED.items()}
    assert set(more.values()) <= set(range(1, WORKERS + 1)), calls
    for kind, (kinds, _) in zip(COOLED, results, strict=True):
        assert kinds.count("all_deployments_in_cooldown") == MANY - calls[kind]
    assert [round(seconds) for seconds in back if not COOLDOWN - 2 <= seconds <= COOLDOWN + 3] == []


def test_rate_limits_and_bad_requests_leave_the_deployment_in(proxy: httpx.Client, mock: Mock) -> None:
    mock.fail({model: kind for kind, model in SPARED.items()})
    with ThreadPoolExecutor(len(SPARED)) as pool:
        list(pool.map(lambda model: ask_many(proxy, model), SPARED.values()))
    assert {model: mock.calls(model) for model in SPARED.values()} == dict.fromkeys(SPARED.values(), MANY)
    mock.set()
    assert [ask(proxy, model).status_code for model in SPARED.values()] == [200, 200]


def test_a_failure_that_the_policy_does_not_name_is_counted_by_allowed_fails_and_the_fallback_answers(
    proxy: httpx.Client, mock: Mock
) -> None:
    model, kind, allowed = OTHERWISE
    mock.fail({model: kind})
    answers = [ask(proxy, model).status_code for _ in range(3 * allowed)]
    assert set(answers) == {200}
    assert mock.calls(model) - allowed in range(1, WORKERS + 1)
