"""What Prometheus reads of a stack."""

import pytest

from components.engine.metrics import ScrapeJob
from components.monitoring.jobs import jobs


def by_name(*, behind_ingress: bool) -> dict[str, ScrapeJob]:
    return {job.name: job for job in jobs(with_redis=True, with_tls=True, behind_ingress=behind_ingress)}


@pytest.mark.parametrize(("behind_ingress", "replicated"), [(True, {"litellm"}), (False, {"litellm", "edge"})])
def test_there_may_be_several_edges_without_an_ingress(*, behind_ingress: bool, replicated: set[str]) -> None:
    found = by_name(behind_ingress=behind_ingress)
    assert {name for name, job in found.items() if job.replicated} == replicated


@pytest.mark.parametrize(("behind_ingress", "host"), [(True, "ingress"), (False, "edge")])
def test_certificate_is_asked_where_clients_connect(*, behind_ingress: bool, host: str) -> None:
    assert by_name(behind_ingress=behind_ingress)["certificate"].parameters["target"] == (f"{host}:4443",)
