"""A stack that changes the source of its images keeps its data, or is refused at the preview; in both directions."""

from collections.abc import Iterator

import httpx
import pytest

from components.images.source import ImageSource, image_reference
from testbed.configuration import development
from testbed.container import must_run
from testbed.gateway import new_key, running, store_model
from testbed.project import Project
from testbed.repository import Repository, versions
from testbed.wait import wait_until
from tests.official.build import reference

CHANGED = ("postgres", "redis", "litellm", "haproxy")
OFFICIAL = {f"gateway:images.{name}": reference(name) for name in (*CHANGED, "prometheus")}
BUILT = {f"gateway:images.{name}": image_reference(name, ImageSource.BUILT) for name in CHANGED}
BUILT_PROMETHEUS = image_reference("prometheus", ImageSource.BUILT)
DATA = """select (select count(*) from "LiteLLM_VerificationToken"), (select count(*) from "LiteLLM_ProxyModelTable")"""
LOCALE = "select datcollate from pg_database where datname = 'litellm'"
UP = ("promtool", "query", "instant", "http://127.0.0.1:9090", "count(up == 1)")
SCRAPED = 5
"""Prometheus itself, LiteLLM, the edge, and the exporters of Postgres and Redis."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A watched gateway with images of the vendors' layout, under git."""
    config = development() | {"gateway:monitoring": {"enabled": True, "scrape_interval": 2, "rate_window": 20}}
    # Each start compiles LiteLLM, on a machine that may be busy.
    config["gateway:litellm"]["startup_timeout"] = 600
    project = Project(tmp_path_factory.mktemp("sources"), "sources", config)
    change(project, OFFICIAL)
    Repository(project)
    with running(project) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def data(gateway: Project, proxy: httpx.Client) -> str:
    """What the database holds: a key, and a model whose credential the salt key encrypts."""
    new_key(proxy, "kept")
    store_model(proxy, "stored", "sk-stored")
    return gateway.sql(DATA)


def change(project: Project, settings: dict[str, str]) -> None:
    """Change settings by their paths."""
    for path, value in settings.items():
        project.change(path, value)


def models(proxy: httpx.Client) -> set[str]:
    """Return the names of the models that LiteLLM knows."""
    return {str(model["model_name"]) for model in proxy.get("/model/info").json()["data"]}


def test_the_official_cluster_has_the_vendor_s_locale_and_takes_passwords_by_scram(gateway: Project) -> None:
    assert gateway.sql(LOCALE) == "en_US.utf8"
    rules = gateway.file("postgres", "/var/lib/postgresql/data/pg_hba.conf").decode()
    assert rules.rstrip().endswith("host all all all scram-sha-256")


def test_prometheus_3_reads_every_part(gateway: Project) -> None:
    wait_until(lambda: f"=> {SCRAPED} @" in must_run(gateway.container("prometheus"), *UP), 60)


def test_an_image_that_cannot_open_the_data_is_refused_at_the_preview(gateway: Project) -> None:
    gateway.change("gateway:images.prometheus", BUILT_PROMETHEUS)
    preview = gateway.pulumi("preview")
    gateway.change("gateway:images.prometheus", OFFICIAL["gateway:images.prometheus"])
    assert preview.exit_code != 0
    said = " ".join(preview.output.split())
    assert f"images.prometheus: {BUILT_PROMETHEUS} cannot open what Prometheus 3.5 has written for this stack" in said


def test_another_source_keeps_keys_and_models_in_both_directions(
    gateway: Project, proxy: httpx.Client, data: str
) -> None:
    for settings in (BUILT, OFFICIAL):
        change(gateway, settings)
        gateway.must_ops("up")
        assert gateway.sql(DATA) == data
        assert gateway.sql(LOCALE) == "en_US.utf8"
        wait_until(lambda: "stored" in models(proxy), 60)


def test_a_rollback_runs_with_the_environment_of_the_project(gateway: Project) -> None:
    number = versions(gateway)[-1]["version"]
    gateway.change("gateway:edge.queue_length", 100)
    gateway.must_ops("up")
    gateway.must_ops("rollback", "--to", str(number), "--yes")
    assert b"queue(litellm) ge 100" not in gateway.file("edge", "/etc/gateway/haproxy.cfg")
