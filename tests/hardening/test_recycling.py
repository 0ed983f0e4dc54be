"""Worker recycling: workers are replaced while requests are answered, and no request fails."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from components.litellm.component import LOADER, python
from testbed.completion import CHAT, question
from testbed.gateway import admin
from testbed.project import Project
from tests.hardening.configuration import JITTER, RECYCLING, REQUESTS_BEFORE_RESTART, WORKERS

REQUESTS = 6 * REQUESTS_BEFORE_RESTART
CLIENTS = 4
LITELLM = " ".join(python(LOADER))
"""Begins the command line of LiteLLM's processes."""


@pytest.fixture(scope="module")
def recycled(gateway: Project) -> Iterator[Project]:
    """The gateway while its workers are replaced after a few requests."""
    with gateway.changed(RECYCLING):
        yield gateway


def workers(gateway: Project) -> set[str]:
    """Return the process ids of the replica's workers on the host: LiteLLM's processes except their parent."""
    top = gateway.container("litellm-1").top(ps_args="-eo pid,ppid,args")
    litellm = {pid: parent for pid, parent, arguments in top["Processes"] if arguments.startswith(LITELLM)}
    return {pid for pid, parent in litellm.items() if parent in litellm}


def ask_all(recycled: Project) -> tuple[Counter[int | str], list[set[str]]]:
    """Send all requests; return their results, and the workers at each second."""
    seen = [workers(recycled)]
    with admin(recycled, 120) as unkept, ThreadPoolExecutor(CLIENTS) as pool:
        url = str(unkept.base_url)
        kept = httpx.Client(base_url=url, headers=unkept.headers, timeout=120)

        def ask(number: int) -> int | str:
            time.sleep(0.05)
            # Half of the requests use connections that are kept, as most clients do.
            try:
                return (kept if number % 2 else unkept).post(CHAT, json=question()).status_code
            except httpx.HTTPError as error:
                return repr(error)

        with kept:
            asked = [pool.submit(ask, number) for number in range(REQUESTS)]
            while not all(each.done() for each in asked):
                seen.append(workers(recycled))
                time.sleep(1)
    return Counter(each.result() for each in asked), seen


def test_workers_are_replaced_and_no_request_fails(recycled: Project) -> None:
    results, seen = ask_all(recycled)
    print(f"\n{len(set().union(*seen))} worker processes answered {REQUESTS} requests")
    assert results == {200: REQUESTS}
    assert len(seen[0]) == WORKERS
    assert not seen[0] & seen[-1]
    assert len(set().union(*seen)) >= 2 * WORKERS
    assert recycled.container("litellm-1").attrs["RestartCount"] == 0
    # Each worker has a limit of its own: not all end at the same time.
    log = recycled.container("litellm-1").logs().decode(errors="replace")
    limits = {int(limit) for limit in re.findall(r"Maximum request limit of (\d+) exceeded", log)}
    print(f"workers ended after {sorted(limits)} requests")
    assert limits <= set(range(REQUESTS_BEFORE_RESTART, REQUESTS_BEFORE_RESTART + JITTER + 1))
    assert limits - {REQUESTS_BEFORE_RESTART}
