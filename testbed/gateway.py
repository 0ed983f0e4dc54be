"""A running gateway of the tests, and its clients."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from testbed.engine_lock import exclusive, remove
from testbed.project import Project


@contextmanager
def running(project: Project) -> Iterator[Project]:
    """Start the project's gateway. It is removed at the end, whatever became of it."""
    with removed_at_end(project):
        begin = project.up()
        print(f"\n{project.stack} was up after {begin.seconds:.1f} s")
        yield project


@contextmanager
def removed_at_end(project: Project) -> Iterator[None]:
    """Hold the engine while the body runs. What it starts of the project's gateway is removed at the end."""
    with exclusive(project.stack):
        try:
            yield
        finally:
            if project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
                remove(project.stack)


@contextmanager
def admin(project: Project, timeout: float = 60) -> Iterator[httpx.Client]:
    """Open a client of the proxy that holds the master key."""
    headers = {"Authorization": f"Bearer {project.output('master_key')}"}
    # An edge that is replaced waits for connections that are kept idle.
    limits = httpx.Limits(max_keepalive_connections=0)
    url = project.output("proxy_url")
    with httpx.Client(base_url=url, headers=headers, timeout=timeout, limits=limits) as client:
        yield client


def new_key(proxy: httpx.Client, alias: str, **parameters: object) -> str:
    """Make a virtual key; return it."""
    answer = proxy.post("/key/generate", json={"key_alias": alias, **parameters})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["key"])


def store_model(proxy: httpx.Client, name: str, api_key: str, **parameters: object) -> str:
    """Store a model in the database, whose credential the salt key encrypts; return its id."""
    stored = {"model": "openai/gpt-stored", "api_base": "http://provider:8090/openai/v1", "api_key": api_key}
    answer = proxy.post("/model/new", json={"model_name": name, "litellm_params": stored | parameters})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["model_id"])
