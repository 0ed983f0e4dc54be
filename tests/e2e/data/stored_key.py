"""A virtual key that asks a stored model: it works while keys and stored credentials can be read."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from testbed.completion import Caller, status
from testbed.gateway import new_key, store_model
from testbed.project import Project
from testbed.wait import wait_until

FOUND_SECONDS = 60.0
"""For the replicas to find the database again, or a stored model."""


@dataclass(frozen=True)
class StoredKey:
    """The key and its model."""

    url: str
    """The proxy's."""
    key: str = field(repr=False)
    model: str

    def works(self) -> bool:
        """Return whether the model answers the key."""
        try:
            return status(self.url, self.key, self.model) == 200
        except httpx.HTTPError:
            return False

    def wait(self) -> float:
        """Wait until the key works; return the seconds that took."""
        begin = time.monotonic()
        wait_until(self.works, FOUND_SECONDS)
        return time.monotonic() - begin

    @contextmanager
    def asking(self) -> Iterator[Caller]:
        """Ask again and again while the body runs."""
        with Caller(self.url, self.key, self.model) as caller:
            yield caller


def new_stored_key(gateway: Project, proxy: httpx.Client, model: str, credential: str = "sk-stored") -> StoredKey:
    """Store a model with its provider's credential, and make a key; both work on return."""
    store_model(proxy, model, credential)
    stored = StoredKey(gateway.output("proxy_url"), new_key(proxy, f"of-{model}"), model)
    stored.wait()
    return stored


def copied_backup(gateway: Project, folder: Path) -> Path:
    """Back the database up; return a copy of the dump, whose manifest is beside it."""
    result = gateway.ops("backup", gateway.stack, "--copy-to", str(folder))
    assert result.exit_code == 0, result.output
    (rows,) = [line for line in result.output.splitlines() if "rows in" in line]
    print(f"\nthe backup took {result.seconds:.1f} s: {rows}")
    (dump,) = folder.glob("*.dump")
    return dump


def databases(gateway: Project) -> set[str]:
    """Return the names of LiteLLM's databases: during a restore there are several."""
    return set(gateway.sql("select datname from pg_database where datname like 'litellm%'").splitlines())
