"""Worker recycling: workers are replaced while requests are answered, and none fails."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.conftest import reconfigure
from tests.hardening.replica import Mock, question
from tests.hardening.stack import REQUESTS_BEFORE_RESTART, WORKERS, Config, recycling

REQUESTS = 8 * REQUESTS_BEFORE_RESTART
CLIENTS = 4


@pytest.fixture(scope="module")
def recycled(gateway: Project, edge: Config) -> Project:
    reconfigure(gateway, recycling(edge))
    gateway.must("up", "--yes", "--skip-preview")
    return gateway


def workers(gateway: Project) -> set[str]:
    """Give the process ids of the replica's workers, as the host counts them."""
    top = gateway.container("litellm-1").top(ps_args="-eo pid,args")
    return {pid for pid, arguments in top["Processes"] if "spawn_main" in arguments}


@pytest.mark.slow
def test_workers_are_replaced_and_no_request_fails(recycled: Project, proxy: httpx.Client, mock: Mock) -> None:
    seen = [workers(recycled)]
    assert len(seen[0]) == WORKERS
    failed: Counter[str] = Counter()

    def ask(_: int) -> None:
        time.sleep(0.1)
        try:
            answer = httpx.post(
                f"{proxy.base_url}/v1/chat/completions", json=question(), headers=proxy.headers, timeout=120
            )
        except httpx.HTTPError as error:
            failed[repr(error)] += 1
        else:
            if not answer.is_success:
                failed[f"{answer.status_code} {answer.text[:80]}"] += 1

    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(ask, number) for number in range(REQUESTS)]
        while not all(each.done() for each in asked):
            seen.append(workers(recycled))
            time.sleep(1)
    print(f"\n{len(set().union(*seen))} worker processes answered {REQUESTS} requests")
    assert failed == {}
    assert not seen[0] & seen[-1]
    # By the jitter they are not replaced all at once.
    assert len(set().union(*seen)) >= 2 * WORKERS
    assert recycled.container("litellm-1").attrs["RestartCount"] == 0
