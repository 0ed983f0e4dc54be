"""Worker recycling: workers are replaced while requests are answered, and none fails."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.conftest import reconfigure
from tests.hardening.replica import Mock, question
from tests.hardening.stack import JITTER, REQUESTS_BEFORE_RESTART, WORKERS, Config, recycling

REQUESTS = 6 * REQUESTS_BEFORE_RESTART
CLIENTS = 4


@pytest.fixture(scope="module")
def recycled(gateway: Project, edge: Config) -> Project:
    reconfigure(gateway, recycling(edge))
    gateway.must("up", "--yes", "--skip-preview")
    return gateway


def workers(gateway: Project) -> set[str]:
    """Give the process ids of the replica's workers, as the host counts them: LiteLLM's, but for their parent's."""
    top = gateway.container("litellm-1").top(ps_args="-eo pid,ppid,args")
    litellm = {pid: parent for pid, parent, arguments in top["Processes"] if "bin/litellm" in arguments}
    return {pid for pid, parent in litellm.items() if parent in litellm}


@pytest.mark.slow
def test_workers_are_replaced_and_no_request_fails(recycled: Project, proxy: httpx.Client, mock: Mock) -> None:
    seen = [workers(recycled)]
    assert len(seen[0]) == WORKERS
    url = recycled.output("proxy_url") + "/v1/chat/completions"

    def ask(number: int) -> int | str:
        time.sleep(0.05)
        # Half of the requests come on connections that are kept, as most clients' do; half open one each.
        post = proxy.post if number % 2 else partial(httpx.post, headers=proxy.headers, timeout=proxy.timeout)
        try:
            return post(url, json=question()).status_code
        except httpx.HTTPError as error:
            return repr(error)

    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(ask, number) for number in range(REQUESTS)]
        while not all(each.done() for each in asked):
            seen.append(workers(recycled))
            time.sleep(1)
    print(f"\n{len(set().union(*seen))} worker processes answered {REQUESTS} requests")
    assert Counter(each.result() for each in asked) == {200: REQUESTS}
    assert not seen[0] & seen[-1]
    assert len(set().union(*seen)) >= 2 * WORKERS
    assert recycled.container("litellm-1").attrs["RestartCount"] == 0


@pytest.mark.slow
def test_each_worker_has_a_limit_of_its_own_by_chance_so_that_not_all_end_at_once(recycled: Project) -> None:
    log = recycled.container("litellm-1").logs().decode(errors="replace")
    limits = {int(limit) for limit in re.findall(r"Maximum request limit of (\d+) exceeded", log)}
    print(f"\nworkers ended after {sorted(limits)} requests")
    assert limits <= set(range(REQUESTS_BEFORE_RESTART, REQUESTS_BEFORE_RESTART + JITTER + 1))
    assert limits - {REQUESTS_BEFORE_RESTART}
