"""Pods of services and jobs."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.kubernetes.manifests.pod import Pods, pod
from components.engine.workload import HealthCheck, HttpGet, Port, Probe, TcpSocket, Volume
from tests.unit.components.cluster import METADATA, PODS, SELECTOR
from tests.unit.components.workloads import JOB, SERVICE

FILES: dict[str, dict[str, Any]] = {
    "/etc/gateway": {"configMap": {"name": "made-config", "items": [{"key": "web.conf", "path": "web.conf"}]}},
    "/run/secrets": {"secret": {"secretName": "made-secrets"}},
}
CONFINED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
}
RESOURCES = {"requests": {"cpu": "125m", "memory": "300Mi"}, "limits": {"memory": "300Mi"}}
MEMORY = {"medium": "Memory", "sizeLimit": "300Mi"}


def test_service_becomes_a_pod() -> None:
    assert pod(PODS, SERVICE, FILES) == {
        "metadata": {
            "labels": {
                **SELECTOR,
                "gateway.network.data": "true",
                "gateway.network.front": "true",
                "gateway.claim": "web-data",
            },
            "annotations": {"web.tier": "front"},
        },
        "spec": {
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "shareProcessNamespace": True,
            "dnsConfig": {"options": [{"name": "ndots", "value": "1"}]},
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 101,
                "runAsGroup": 102,
                "fsGroup": 102,
                "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "terminationGracePeriodSeconds": 70,
            "imagePullSecrets": [{"name": "registry"}],
            "affinity": {
                "podAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        {
                            "labelSelector": {"matchLabels": {"gateway.claim": "web-data"}},
                            "topologyKey": "kubernetes.io/hostname",
                        }
                    ]
                }
            },
            "initContainers": [
                {
                    "name": "folder",
                    "image": "registry.example:5000/team/web:1.2.3",
                    "imagePullPolicy": "IfNotPresent",
                    "command": ["mkdir", "-p", "-m", "0700", "/claim/data"],
                    "securityContext": CONFINED,
                    "resources": RESOURCES,
                    "volumeMounts": [{"name": "claim", "mountPath": "/claim"}],
                }
            ],
            "containers": [
                {
                    "name": "web",
                    "image": "registry.example:5000/team/web:1.2.3",
                    "imagePullPolicy": "IfNotPresent",
                    "command": ["web"],
                    "args": ["--port", "80"],
                    "env": [{"name": "LEVEL", "value": "a"}, {"name": "ZONE", "value": "b"}],
                    "securityContext": CONFINED,
                    "resources": RESOURCES,
                    "volumeMounts": [
                        {"name": "config", "mountPath": "/etc/gateway", "readOnly": True},
                        {"name": "secrets", "mountPath": "/run/secrets", "readOnly": True},
                        {"name": "tmpfs-0", "mountPath": "/tmp"},  # noqa: S108
                        {"name": "tmpfs-1", "mountPath": "/run"},
                        {"name": "claim", "mountPath": "/data", "subPath": "data"},
                    ],
                    "startupProbe": {
                        "exec": {"command": ["web", "--check"]},
                        "periodSeconds": 90,
                        "timeoutSeconds": 7,
                        "failureThreshold": 40,
                    },
                    "readinessProbe": {
                        "exec": {"command": ["web", "--check"]},
                        "periodSeconds": 90,
                        "timeoutSeconds": 7,
                        "failureThreshold": 4,
                    },
                    "terminationMessagePolicy": "FallbackToLogsOnError",
                }
            ],
            "volumes": [
                {"name": "config", **FILES["/etc/gateway"]},
                {"name": "secrets", **FILES["/run/secrets"]},
                {"name": "tmpfs-0", "emptyDir": MEMORY},
                {"name": "tmpfs-1", "emptyDir": MEMORY},
                {"name": "claim", "persistentVolumeClaim": {"claimName": "web-data"}},
            ],
        },
    }


def container(found: dict[str, Any]) -> dict[str, Any]:
    (only,) = found["spec"]["containers"]
    return dict(only)


def test_job_s_pod_runs_once_and_has_no_probe() -> None:
    found = pod(PODS, JOB, {})
    assert found["spec"]["restartPolicy"] == "Never"
    assert not [key for key in container(found) if key.endswith("Probe")]
    assert "affinity" not in found["spec"]
    assert found["metadata"]["labels"]["app.kubernetes.io/name"] == "load"


def test_discovery_decides_on_readiness_after_the_start() -> None:
    plain = container(pod(PODS, SERVICE, {}))
    found = container(pod(PODS, replace(SERVICE, discovery=Probe(TcpSocket(81), 7, retries=4)), {}))
    assert plain["readinessProbe"]["exec"] == plain["startupProbe"]["exec"]
    assert found["startupProbe"] == plain["startupProbe"]
    assert found["readinessProbe"] == {
        "tcpSocket": {"port": 81},
        "periodSeconds": 7,
        "timeoutSeconds": 10,
        "failureThreshold": 4,
    }


def test_only_a_stated_liveness_restarts_a_container() -> None:
    alive = Probe(HttpGet(80, "/alive"), interval=10, timeout=30, retries=6)
    assert container(pod(PODS, replace(SERVICE, liveness=alive), {}))["livenessProbe"] == {
        "httpGet": {"port": 80, "path": "/alive"},
        "periodSeconds": 10,
        "timeoutSeconds": 30,
        "failureThreshold": 6,
    }
    assert "livenessProbe" not in container(pod(PODS, SERVICE, {}))


def test_check_with_a_request_starts_no_process() -> None:
    health = replace(SERVICE.health, request=HttpGet(80, "/ready"), interval=1)
    found = container(pod(PODS, replace(SERVICE, health=health), {}))
    for probe in (found["startupProbe"], found["readinessProbe"]):
        assert (probe["httpGet"], probe["periodSeconds"]) == ({"port": 80, "path": "/ready"}, 1)
        assert "exec" not in probe


def test_command_of_a_started_container_runs_seldom() -> None:
    health = replace(SERVICE.health, interval=2)
    found = container(pod(PODS, replace(SERVICE, health=health), {}))
    assert (found["startupProbe"]["periodSeconds"], found["readinessProbe"]["periodSeconds"]) == (2, 10)


def test_check_by_a_shell_is_run_by_one() -> None:
    health = HealthCheck(("CMD-SHELL", "test -e /tmp/alive"))
    probe = container(pod(PODS, replace(SERVICE, health=health), {}))["readinessProbe"]
    assert probe["exec"]["command"] == ["/bin/sh", "-c", "test -e /tmp/alive"]


@pytest.mark.parametrize(("start_period", "deadline", "failures"), [(60, 120, 24), (180, 180, 36), (61, 2, 13)])
def test_container_may_start_until_its_deadline(start_period: int, deadline: int, failures: int) -> None:
    health = HealthCheck(("CMD", "check"), interval=5, start_period=start_period, deadline=deadline)
    probe = container(pod(PODS, replace(SERVICE, health=health), {}))["startupProbe"]
    assert probe["failureThreshold"] == failures


def test_pod_behind_a_service_serves_on_until_its_address_is_gone() -> None:
    reached = replace(SERVICE, volumes=(), ports=(), listens=(80,))
    found = pod(PODS, reached, {})
    assert container(found)["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}
    assert found["spec"]["terminationGracePeriodSeconds"] == 75
    hidden = pod(PODS, replace(reached, listens=()), {})
    assert "lifecycle" not in container(hidden)
    assert hidden["spec"]["terminationGracePeriodSeconds"] == 70
    assert "lifecycle" not in container(pod(Pods(METADATA, deregistration_delay=0), reached, {}))


def test_server_of_a_claim_stops_at_once() -> None:
    assert "lifecycle" not in container(pod(PODS, replace(SERVICE, listens=(80,)), {}))


@pytest.mark.parametrize(
    ("weight", "asked"), [(256, "62m"), (1024, "250m"), (2048, "500m"), (262144, "500m"), (2, "1m")]
)
def test_weight_asks_for_processor_time_and_limits_none(weight: int, asked: str) -> None:
    resources = container(pod(PODS, replace(SERVICE, cpu_shares=weight), {}))["resources"]
    assert resources["requests"]["cpu"] == asked
    assert resources["limits"].keys() == {"memory"}


def test_replicas_spread() -> None:
    spec = pod(PODS, SERVICE, {}, replicated=True)["spec"]
    # A second constraint would switch both off on nodes that have no zone.
    assert spec["topologySpreadConstraints"] == [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": SELECTOR},
            "matchLabelKeys": ["pod-template-hash"],
        }
    ]
    zones = {
        "labelSelector": {"matchLabels": SELECTOR},
        "topologyKey": "topology.kubernetes.io/zone",
        "matchLabelKeys": ["pod-template-hash"],
    }
    assert spec["affinity"]["podAntiAffinity"] == {
        "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": zones}]
    }
    assert "topologySpreadConstraints" not in pod(PODS, SERVICE, {})["spec"]


def test_service_leaves_a_lost_node_soon_unless_a_claim_holds_it() -> None:
    spec = pod(PODS, replace(SERVICE, volumes=()), {})["spec"]
    assert [(each["key"], each["tolerationSeconds"]) for each in spec["tolerations"]] == [
        ("node.kubernetes.io/not-ready", 10),
        ("node.kubernetes.io/unreachable", 10),
    ]
    assert "tolerations" not in pod(PODS, SERVICE, {})["spec"]


def test_single_pod_avoids_nobody() -> None:
    assert "affinity" not in pod(PODS, replace(SERVICE, volumes=()), {})["spec"]


def test_two_claims_of_one_pod_are_refused() -> None:
    with pytest.raises(ValueError, match="too many values"):
        pod(PODS, replace(SERVICE, volumes=(Volume("a", "/a"), Volume("b", "/b"))), {})


def test_host_ports_and_cgroups_are_no_part_of_a_pod() -> None:
    plain = replace(SERVICE, ports=(), cpuset=None, cgroup_parent=None, host_gateway=False)
    bound = replace(plain, cpuset="0", cgroup_parent="/", host_gateway=True)
    assert pod(PODS, plain, FILES) == pod(PODS, bound, FILES)
    assert Port(80, 8080, "127.0.0.1", "web.port") in SERVICE.ports
