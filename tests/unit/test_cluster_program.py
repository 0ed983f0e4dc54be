"""What the program makes of a stack that runs on a cluster."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

pytest.importorskip("pulumi_kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.kubernetes import namespace
from components.engine.kubernetes.cluster import client, preflight
from components.stack import parts
from components.stack.settings import Settings
from tests.unit.program import QUIET_HOST, Program, is_secret, run, stack_config

SECRETS = ("generated-master-key", "generated-salt-key", "generated-postgres-password", "generated-redis-password")
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
JOB = "kubernetes:batch/v1:Job"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
SERVICE = "kubernetes:core/v1:Service"
SECRET = "kubernetes:core/v1:Secret"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
PROVIDER = "pulumi:providers:kubernetes"
WORKLOADS = (DEPLOYMENT, STATEFUL_SET, JOB)


class NoCluster:
    """Stands for a cluster that nobody asks."""

    def __init__(self, settings: Any) -> None:
        self.kubeconfig, self.context = client.kubeconfig_file(settings), settings.context


def run_cluster(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Program:
    config = stack_config("cluster") | changes
    monkeypatch.setattr(client, "Cluster", NoCluster)
    monkeypatch.setattr(preflight, "check", lambda *_, **__: QUIET_HOST)
    monkeypatch.setattr(namespace, "require_namespace", lambda _, name, *__: name)
    return run(monkeypatch, "cluster", config)


@pytest.fixture(scope="module")
def cluster() -> Program:
    """The program of the example."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return run_cluster(monkeypatch)


def of_kind(program: Program, *kinds: str) -> dict[str, Any]:
    return {args.name: dict(args.inputs) for args in program.resources if args.typ in kinds}


def workloads(program: Program) -> dict[str, Any]:
    """Return what runs, without the pulls of images."""
    return {name: each for name, each in of_kind(program, *WORKLOADS).items() if not name.endswith("-image")}


def template(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return dict(manifest["spec"]["template"])


def main_container(manifest: Mapping[str, Any]) -> dict[str, Any]:
    (only,) = template(manifest)["spec"]["containers"]
    return dict(only)


def test_nothing_is_made_on_a_docker_engine(cluster: Program) -> None:
    assert not [args for args in cluster.resources if args.typ.startswith("docker:")]


def handed_over(monkeypatch: pytest.MonkeyPatch) -> tuple[Program, Settings]:
    """Run the program for the example with an Ingress and a Prometheus of the Prometheus operator."""
    more = {"ingress": {"host": "llm.example.com"}, "prometheus_operator": {}}
    changes = {
        "gateway:kubernetes": stack_config("cluster")["gateway:kubernetes"] | more,
        "gateway:monitoring": {"enabled": True},
    }
    config = {key.removeprefix("gateway:"): value for key, value in (stack_config("cluster") | changes).items()}
    return run_cluster(monkeypatch, **changes), Settings.model_validate(config)


def test_stack_that_the_operator_watches_runs_no_prometheus(monkeypatch: pytest.MonkeyPatch) -> None:
    program, stack = handed_over(monkeypatch)
    made = workloads(program)
    assert made.keys() == {part.name for part in parts.enabled_parts(stack)}
    assert not {"prometheus", "grafana"} & made.keys()
    assert "prometheus-data" not in of_kind(program, CLAIM)


def test_operator_reads_pods_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    program, _ = handed_over(monkeypatch)
    pods = {name: template(each)["metadata"]["labels"].items() for name, each in workloads(program).items()}
    services = {name: each["spec"]["selector"].items() for name, each in of_kind(program, SERVICE).items()}
    read = {
        service: [pod for pod, labels in pods.items() if wanted <= labels]
        for service, wanted in services.items()
        if service.endswith("-metrics-service")
    }
    assert read == {
        "litellm-metrics-service": ["litellm"],
        "edge-metrics-service": ["edge"],
        "postgres-metrics-service": ["postgres-exporter"],
        "redis-metrics-service": ["redis-exporter"],
    }


def test_clients_of_an_ingress_are_told_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    program, _ = handed_over(monkeypatch)
    assert program.outputs["edge"]["proxy_url"] == "https://llm.example.com"


def test_every_part_of_the_registry_is_made_and_no_other(cluster: Program) -> None:
    config = {key.removeprefix("gateway:"): value for key, value in stack_config("cluster").items()}
    stack = Settings.model_validate(config)
    assert workloads(cluster).keys() == {part.name for part in parts.enabled_parts(stack)}
    assert "ingress" not in workloads(cluster)


def test_servers_of_claims_are_stateful_and_the_rest_is_not(cluster: Program) -> None:
    assert of_kind(cluster, STATEFUL_SET).keys() == {"postgres", "redis", "backup", "prometheus"}
    assert {name for name in of_kind(cluster, JOB) if not name.endswith("-image")} == {
        "dump",
        "migration",
        "validation",
    }


def test_replicas_and_edges_are_as_many_as_the_settings_say(cluster: Program) -> None:
    counts = {name: each["spec"]["replicas"] for name, each in of_kind(cluster, DEPLOYMENT).items()}
    assert (counts["litellm"], counts["edge"]) == (3, 2)
    assert of_kind(cluster, BUDGET).keys() == {"litellm-budget", "edge-budget"}


def test_every_pod_fits_the_restricted_standard(cluster: Program) -> None:
    for name, manifest in of_kind(cluster, *WORKLOADS).items():
        spec = template(manifest)["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }, name
            assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"], name
    (made,) = of_kind(cluster, "kubernetes:core/v1:Namespace").values()
    assert made["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_only_what_no_request_can_ask_is_probed_by_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    program = run_cluster(monkeypatch, **{"gateway:monitoring": {"enabled": True}})
    commands = {
        name
        for name, manifest in of_kind(program, DEPLOYMENT, STATEFUL_SET).items()
        for key, probe in main_container(manifest).items()
        if key.endswith("Probe") and "exec" in probe
    }
    assert commands == {"postgres", "redis", "backup"}


def test_secrets_are_in_encrypted_secrets_alone(cluster: Program) -> None:
    holders = set()
    for args in cluster.resources:
        if args.typ.startswith("kubernetes:") and any(
            secret in json.dumps(args.inputs, default=str) for secret in SECRETS
        ):
            holders.add(args.name)
            assert args.typ == SECRET, args.name
            assert is_secret(args.inputs["stringData"]), args.name
    assert {"litellm-secrets", "postgres-secrets", "redis-secrets", "migration-secrets"} <= holders


def test_files_are_immutable_and_never_named(cluster: Program) -> None:
    for name, manifest in of_kind(cluster, CONFIG_MAP, SECRET).items():
        if name != "identity":
            assert manifest["immutable"] is True, name
            assert "name" not in manifest["metadata"], name


def test_pod_mounts_the_files_that_were_made(cluster: Program) -> None:
    volumes = {each["name"]: each for each in template(of_kind(cluster, DEPLOYMENT)["litellm"])["spec"]["volumes"]}
    assert volumes["config"]["configMap"]["name"] == "made-litellm-config"
    assert volumes["secrets"]["secret"]["secretName"] == "made-litellm-secrets"


def test_migration_gates_the_replicas_and_the_dump_the_migration(cluster: Program) -> None:
    assert {"dump", "postgres"} <= cluster.waits_for("migration", JOB)
    assert "postgres" in cluster.waits_for("dump", JOB)
    assert {"migration", "validation", "redis"} <= cluster.waits_for("litellm", DEPLOYMENT)
    annotations = template(of_kind(cluster, DEPLOYMENT)["litellm"])["metadata"]["annotations"]
    assert annotations["gateway.schema"] == "ghcr.io/berriai/litellm:v1.108.14"


def test_edges_wait_for_replicas_and_clients_for_edges(cluster: Program) -> None:
    assert "litellm" in cluster.waits_for("edge", DEPLOYMENT)
    assert "edge" in cluster.waits_for("edge-clients", SERVICE)


def test_no_pod_starts_before_the_policies(cluster: Program) -> None:
    policies = {"deny-all-policy", "dns-policy", "data-policy", "front-policy"}
    assert policies | {"edge-clients-policy"} == of_kind(cluster, POLICY).keys()
    for kind in WORKLOADS:
        for name in of_kind(cluster, kind):
            assert policies <= cluster.waits_for(name, kind), name


def test_edge_finds_replicas_by_their_whole_name(cluster: Program) -> None:
    text = of_kind(cluster, CONFIG_MAP)["edge-config"]["data"]["haproxy.cfg"]
    assert "litellm.gateway-cluster.svc.cluster.local:4000" in text
    assert "accept-proxy" not in text
    headless = of_kind(cluster, SERVICE)["litellm-service"]
    assert headless["metadata"]["name"] == "litellm"
    assert headless["spec"]["clusterIP"] == "None"


def test_every_name_that_a_part_uses_is_a_service(cluster: Program) -> None:
    made = {each["metadata"]["name"] for each in of_kind(cluster, SERVICE).values()}
    text = json.dumps([dict(args.inputs) for args in cluster.resources], default=str)
    for alias in ("postgres", "redis", "litellm", "edge", "postgres-exporter", "redis-exporter", "prometheus"):
        if re.search(rf"\b{alias}:\d", text):
            assert alias in made, alias


@pytest.mark.parametrize("protect", [True, False])
def test_claims_and_their_namespace_outlive_a_protected_stack(
    monkeypatch: pytest.MonkeyPatch, *, protect: bool
) -> None:
    program = run_cluster(monkeypatch, **{"gateway:protect": str(protect).lower()})
    for name, kind in (
        ("postgres-data", CLAIM),
        ("backups", CLAIM),
        ("gateway-cluster", "kubernetes:core/v1:Namespace"),
    ):
        options = program.options(name, kind)
        assert (options.protect, options.retainOnDelete) == (protect, protect), name


def test_claims_have_the_sizes_of_the_settings(cluster: Program) -> None:
    sizes = {name: each["spec"]["resources"]["requests"]["storage"] for name, each in of_kind(cluster, CLAIM).items()}
    assert sizes == {"postgres-data": "50Gi", "backups": "100Gi", "redis-data": "4Gi", "prometheus-data": "20Gi"}


def test_cluster_is_named_and_nothing_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, cluster: Program
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/elsewhere")
    monkeypatch.setenv("PULUMI_K8S_ENABLE_SECRET_MUTABLE", "true")
    monkeypatch.setenv("PULUMI_K8S_DELETE_UNREACHABLE", "true")
    given = of_kind(run_cluster(monkeypatch), PROVIDER)["cluster"]
    assert given == of_kind(cluster, PROVIDER)["cluster"]
    assert given["context"] == "gateway"
    assert given["kubeconfig"].endswith("/.kube/config")
    for args in cluster.resources:
        if args.typ.startswith("kubernetes:"):
            assert cluster.options(args.name, args.typ).provider.rpartition("::")[0].endswith("::cluster"), args.name


def test_failed_start_is_reported_within_the_deadline(cluster: Program) -> None:
    for kind in WORKLOADS:
        for name in of_kind(cluster, kind):
            assert list(cluster.options(name, kind).hooks.on_error) == ["report-failure"], name
    # Image, start and the age of names: all replicas start at once.
    assert cluster.options("litellm", DEPLOYMENT).customTimeouts.update == f"{300 + 180 + 30 + 30}s"


def test_urls_lead_to_the_balancer(cluster: Program) -> None:
    assert cluster.outputs["edge"] == {
        "proxy_url": "http://192.0.2.10:4000",
        "health_url": "http://192.0.2.10:4001/health/liveliness",
    }


def test_metrics_and_pages_have_no_way_in_from_outside(cluster: Program) -> None:
    outside = {name for name, each in of_kind(cluster, SERVICE).items() if each["spec"]["type"] != "ClusterIP"}
    assert outside == {"edge-clients"}


def test_every_image_is_pulled_once_before_what_needs_it(cluster: Program) -> None:
    pulls = {
        name: main_container(job)["image"] for name, job in of_kind(cluster, JOB).items() if name.endswith("-image")
    }
    assert sorted(pulls.values()) == sorted({main_container(each)["image"] for each in workloads(cluster).values()})
    by_image = {image: name for name, image in pulls.items()}
    for kind in WORKLOADS:
        for name, each in of_kind(cluster, kind).items():
            if name in workloads(cluster):
                assert by_image[main_container(each)["image"]] in cluster.waits_for(name, kind), name
    assert cluster.options("litellm-image", JOB).customTimeouts.create == f"{300 + 30}s"


@pytest.fixture
def scaled(monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program of the example, with a number of replicas that follows the load."""
    settings = stack_config("cluster")["gateway:kubernetes"] | {"autoscaling": {"max_replicas": 6}}
    changes = {"gateway:kubernetes": settings, "gateway:postgres": {"memory_mib": 8192}}
    return run_cluster(monkeypatch, **changes)


def test_update_leaves_the_number_of_scaled_replicas_alone(scaled: Program, cluster: Program) -> None:
    assert scaled.options("litellm", DEPLOYMENT).ignoreChanges == ["spec.replicas"]
    assert not scaled.options("edge", DEPLOYMENT).ignoreChanges
    assert not cluster.options("litellm", DEPLOYMENT).ignoreChanges
    assert of_kind(scaled, DEPLOYMENT)["litellm"]["spec"] == of_kind(cluster, DEPLOYMENT)["litellm"]["spec"]


def test_replicas_scale_once_they_run(scaled: Program, cluster: Program) -> None:
    (name,) = of_kind(scaled, SCALED_OBJECT)
    assert "litellm" in scaled.waits_for(name, SCALED_OBJECT)
    assert not of_kind(cluster, SCALED_OBJECT)


def test_autoscaler_alone_may_ask_prometheus_from_another_namespace(scaled: Program, cluster: Program) -> None:
    (name,) = of_kind(scaled, POLICY).keys() - of_kind(cluster, POLICY).keys()
    policy = of_kind(scaled, POLICY)[name]
    assert policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "prometheus"
    (rule,) = policy["spec"]["ingress"]
    (source,) = rule["from"]
    assert source["namespaceSelector"]["matchExpressions"][0]["values"] == ["keda"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 9090}]
    assert name in scaled.waits_for("prometheus", STATEFUL_SET)
