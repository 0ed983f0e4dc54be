"""Services and jobs as resources of pulumi-kubernetes."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pulumi
import pytest

pytest.importorskip("pulumi_kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.engine import Engine, NameService
from components.engine.kubernetes import namespace
from components.engine.kubernetes.cluster.client import Cluster
from components.engine.kubernetes.engine import KubernetesEngine
from components.engine.kubernetes.namespace import require_namespace
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.metrics import ScrapeJob
from components.engine.workload import DataVolume, Job, Port, Replacement, Service
from tests.unit.components.workloads import JOB, SERVICE, run_all
from tests.unit.program import Program, Recorder, is_secret, record

DEPLOYMENT, STATEFUL_SET = "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"
JOB_KIND, SERVICE_KIND = "kubernetes:batch/v1:Job", "kubernetes:core/v1:Service"
CONFIG_MAP, SECRET = "kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Secret"
NAMESPACE = "kubernetes:core/v1:Namespace"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
WEB = replace(SERVICE, name="web", volumes=(), ports=(), listens=(80,))
EDGE = replace(WEB, name="edge", alias="edge", listens=(), ports=(Port(4000, 80, "127.0.0.1", "edge.proxy_port"),))
EXCLUSIVE = replace(SERVICE, name="web", ports=(), listens=(80,), replacement=Replacement.DELETE_BEFORE_CREATE)


def cluster(objects: dict[str, Any] | None = None) -> Cluster:
    """Return a cluster that has these objects, by path."""
    known = objects or {}
    return cast("Cluster", SimpleNamespace(kubeconfig="/kubeconfig", context="test", find=known.get))


def with_engine(
    monkeypatch: pytest.MonkeyPatch,
    body: Callable[[Engine, pulumi.Resource], object],
    *,
    preview: bool = False,
    recorder: Recorder | None = None,
    **settings: Any,
) -> Program:
    """Run some code with an engine of the stack `test` and a parent."""
    monkeypatch.setattr(namespace, "require_namespace", lambda _, name, *__: name)
    given = KubernetesSettings.model_validate({"context": "test", **settings})

    def program() -> None:
        identity = pulumi.Output.from_input("0123456789abcdef")
        engine: Engine = KubernetesEngine(given, cluster(), "test", "gateway-test", identity, protect=False)
        body(engine, pulumi.ComponentResource("gateway:index:Web", "parent"))

    return record(monkeypatch, "test", program, preview=preview, recorder=recorder)


def started(monkeypatch: pytest.MonkeyPatch, *workloads: Service | Job) -> Program:
    """Run services and jobs."""
    return with_engine(monkeypatch, lambda engine, parent: run_all(engine, parent, workloads))


def test_service_waits_for_its_name_and_the_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, WEB)
    assert program.named("web-service", SERVICE_KIND)["metadata"]["name"] == "web"
    assert program.waits_for("web", DEPLOYMENT) >= {"web-service", "deny-all-policy", "dns-policy", "data-policy"}


def test_service_that_nobody_asks_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    program = started(monkeypatch, replace(WEB, listens=()))
    assert not [args for args in program.resources if args.typ == SERVICE_KIND]


def test_exclusive_service_with_a_claim_is_a_stateful_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch, EXCLUSIVE).named("web", STATEFUL_SET)
    plain = started(monkeypatch, replace(EXCLUSIVE, volumes=())).named("web", DEPLOYMENT)
    assert plain["spec"]["strategy"] == {"type": "Recreate"}


def test_exclusive_service_has_time_to_stop_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, beside = started(monkeypatch, EXCLUSIVE), started(monkeypatch, WEB)
    assert alone.options("web", STATEFUL_SET).customTimeouts.update == f"{300 + 100 + 30 + 70}s"
    assert beside.options("web", DEPLOYMENT).customTimeouts.update == f"{300 + 100 + 30}s"


def test_clients_reach_replicated_services_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    program = with_engine(monkeypatch, lambda engine, parent: engine.run_replicas(EDGE, 2, parent))
    services = {args.name: args.inputs["metadata"]["name"] for args in program.resources if args.typ == SERVICE_KIND}
    assert services == {"edge-service": "edge", "edge-clients": "gateway"}
    assert not [args.name for args in started(monkeypatch, EDGE).resources if args.name.endswith("-clients")]


@pytest.mark.parametrize(
    ("service", "seconds"), [(replace(WEB, listens=()), 12), (EDGE, 0)], ids=["by name", "by address"]
)
def test_replica_serves_until_its_name_is_known(
    monkeypatch: pytest.MonkeyPatch, service: Service, seconds: int
) -> None:
    program = with_engine(monkeypatch, lambda engine, parent: engine.run_replicas(service, 2, parent), dns_ttl=12)
    assert program.named(service.name, DEPLOYMENT)["spec"]["minReadySeconds"] == seconds


def test_single_replica_may_be_drained(monkeypatch: pytest.MonkeyPatch) -> None:
    program = with_engine(monkeypatch, lambda engine, parent: engine.run_replicas(EDGE, 1, parent))
    assert not [args for args in program.resources if args.typ.endswith("PodDisruptionBudget")]


def test_job_that_ended_well_returns_its_image(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    program = with_engine(
        monkeypatch,
        lambda engine, parent: engine.run_once(JOB, parent, failure="it failed").succeeded.apply(ended.append),
    )
    assert ended == [JOB.image]
    assert list(program.options("load", JOB_KIND).hooks.on_error) == ["report-failure"]


def test_preview_knows_the_image_of_a_job_that_is_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[str] = []
    with_engine(
        monkeypatch,
        lambda engine, parent: engine.run_once(JOB, parent, failure="it failed").succeeded.apply(known.append),
        preview=True,
        recorder=Recorder(ids_known=False),
    )
    assert known == [JOB.image]


def test_workloads_that_share_files_mount_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    check = replace(JOB, name="check", alias="check", files_name="web", config=SERVICE.config)
    program = started(monkeypatch, check, WEB)
    files = [args.name for args in program.resources if args.typ in (CONFIG_MAP, SECRET) and args.name != "identity"]
    assert sorted(files) == ["web-config", "web-secrets"]


def test_shared_files_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"^other: its files differ from those of another workload named web$"):
        started(monkeypatch, WEB, replace(WEB, name="other", config={}))


def test_secrets_are_encrypted_though_given_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_secret(started(monkeypatch, WEB).named("web-secrets", SECRET)["stringData"])


def test_claim_keeps_its_storage_class(monkeypatch: pytest.MonkeyPatch) -> None:
    volume = DataVolume("backups", size_gib=20)
    program = with_engine(monkeypatch, lambda engine, parent: engine.create_volume(volume, parent))
    options = program.options("backups", "kubernetes:core/v1:PersistentVolumeClaim")
    assert list(options.ignoreChanges) == ["spec.accessModes", "spec.storageClassName"]


@pytest.mark.parametrize(("create", "made"), [(True, ["gateway-test"]), (False, [])])
def test_namespace_is_made_if_the_settings_say_so(
    monkeypatch: pytest.MonkeyPatch, *, create: bool, made: list[str]
) -> None:
    program = with_engine(monkeypatch, lambda *_: None, create_namespace=create)
    assert [args.inputs["metadata"]["name"] for args in program.resources if args.typ == NAMESPACE] == made


ROUTES: dict[str, Any] = {
    "service": {"type": "ClusterIP"},
    "ingress": {"host": "llm.example.com"},
    "gateway_route": {"gateway": "public", "namespace": "gateways"},
}


def test_routes_wait_for_the_service_that_they_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    program = with_engine(monkeypatch, lambda engine, parent: engine.run_replicas(EDGE, 2, parent), **ROUTES)
    assert program.named("edge-route", ROUTE)["spec"]["rules"][0]["backendRefs"] == [{"name": "gateway", "port": 80}]
    assert "edge-clients" in program.waits_for("edge-ingress", "kubernetes:networking.k8s.io/v1:Ingress")
    assert "edge-clients" in program.waits_for("edge-route", ROUTE)


def test_stack_without_them_has_no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    program = with_engine(monkeypatch, lambda engine, parent: engine.run_replicas(EDGE, 2, parent))
    assert {args.typ for args in program.resources if "Ingress" in args.typ or "Route" in args.typ} == set()


@pytest.mark.parametrize(("given", "url"), [({}, None), (ROUTES, "https://llm.example.com")])
def test_public_url_is_that_of_the_ingress(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], url: str | None
) -> None:
    found: list[str | None] = []
    with_engine(monkeypatch, lambda engine, _: found.append(engine.public_url), **given)
    assert found == [url]


def test_operator_s_prometheus_gets_jobs_and_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules, known = {"groups": [{"name": "gateway", "rules": []}]}, dict[str, str]()

    def watch(engine: Engine, parent: pulumi.Resource) -> None:
        assert engine.prometheus
        known.update(engine.prometheus.labels)
        engine.prometheus.watch([ScrapeJob("edge", "edge", 8405)], rules, 15, parent)

    program = with_engine(monkeypatch, watch, prometheus_operator={"labels": {"release": "monitoring"}})
    monitor = program.named("edge-monitor", "kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
    assert monitor["metadata"]["labels"]["release"] == "monitoring"
    assert program.named("alert-rules", "kubernetes:monitoring.coreos.com/v1:PrometheusRule")["spec"]["groups"]
    assert known == {"namespace": "gateway-test"}


def test_stack_has_its_own_prometheus_unless_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[object] = []
    with_engine(monkeypatch, lambda engine, _: found.append(engine.prometheus))
    assert found == [None]


def test_names_are_the_cluster_s(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[object] = []
    with_engine(
        monkeypatch,
        lambda engine, _: found.extend((engine.name_service, engine.client_host("127.0.0.1"), engine.balances)),
        cluster_domain="corp.local",
    )
    domain = "gateway-test.svc.corp.local"
    assert found == [NameService("cluster", None, f".{domain}"), f"gateway.{domain}", True]


IDENTITY_PATH = "/api/v1/namespaces/gateway-test/configmaps/gateway-identity"


def test_namespace_is_known_where_the_cluster_has_the_stack_s_own_object() -> None:
    there = cluster({IDENTITY_PATH: {"metadata": {"uid": "one"}}})
    assert require_namespace(there, "gateway-test", "test", "one") == "gateway-test"


@pytest.mark.parametrize("objects", [{}, {IDENTITY_PATH: {"metadata": {"uid": "two"}}}], ids=["none", "another's"])
def test_other_cluster_is_refused_before_anything_changes(objects: dict[str, Any]) -> None:
    with pytest.raises(
        pulumi.RunError, match=r"^the stack's namespace gateway-test is not on the cluster of context test"
    ):
        require_namespace(cluster(objects), "gateway-test", "test", "one")
