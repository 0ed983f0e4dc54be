"""A client of the mock provider: its faults, delays and counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx

from components.mock_provider.routes import PORT
from components.models.catalog import load_catalogue
from components.releases.release import release_for
from testbed.container import address
from testbed.project import Project

MODELS = load_catalogue(release_for(None))


def provider_id(model: str) -> str:
    """Return the provider's own id of a model's first deployment, by which the mock provider knows it."""
    return MODELS[model].deployments[0].model


class MockProvider:
    """The settings and counts of a stack's mock provider."""

    def __init__(self, project: Project) -> None:
        """Reach it on the front network."""
        host = address(project, project.container("provider"))
        self.client = httpx.Client(base_url=f"http://{host}:{PORT}", timeout=10)

    def __enter__(self) -> Self:
        """Leave the connections to the body."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.client.close()

    def set(self, **control: Any) -> None:
        """Apply settings and reset the counts."""
        answer = self.client.put("/control", json=control)
        assert answer.is_success, answer.text
        assert self.client.delete("/counts").is_success

    def fail(self, kinds: dict[str, str]) -> None:
        """Make models of the catalogue fail: name → kind of fault."""
        self.set(faults=[{"kind": kind, "model": provider_id(model)} for model, kind in kinds.items()])

    def requests(self, model: str, outcome: str | None = None) -> int:
        """Return how many requests a model of the catalogue got; all, or those of one outcome such as `answered`."""
        counts = self.client.get("/counts").json()["models"].get(provider_id(model), {})
        return int(counts.get("outcomes", {}).get(outcome, 0) if outcome else counts.get("requests", 0))

    @property
    def outcomes(self) -> dict[str, int]:
        """How many requests of all models had which outcome."""
        counted: dict[str, int] = self.client.get("/counts").json()["total"]["outcomes"]
        return counted

    @property
    def lookups(self) -> dict[str, int]:
        """How often it was asked what models there are, and what one can do, by path."""
        counted: dict[str, int] = self.client.get("/counts").json()["lookups"]
        return counted


@contextmanager
def mock_provider(project: Project) -> Iterator[MockProvider]:
    """Control the mock provider, whose counts begin at 0. Afterwards it has the settings that it had before."""
    with MockProvider(project) as mock:
        before = mock.client.get("/control").json()
        mock.set()
        yield mock
        mock.set(**before)
