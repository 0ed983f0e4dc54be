"""The Prometheus operator's manifests as the nodes of the test cluster can run them."""

import yaml

from testbed.cluster.addons.prometheus_operator import NAMESPACE, PROMETHEUS, VERSION, operator_manifest, prometheus
from testbed.cluster.programs import SOURCES

DEPLOYMENT = {
    "kind": "Deployment",
    "metadata": {"name": "prometheus-operator", "namespace": "default"},
    "spec": {"template": {"spec": {"containers": [{"name": "operator", "image": "registry/a:1", "args": ["--b"]}]}}},
}
BINDING = {
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "prometheus-operator"},
    "subjects": [{"kind": "ServiceAccount", "name": "prometheus-operator", "namespace": "default"}],
}


def test_operator_runs_from_images_that_the_nodes_have() -> None:
    found = operator_manifest(yaml.safe_dump(DEPLOYMENT))
    (container,) = found["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "localhost/prometheus_operator/operator:1"
    assert container["args"] == [
        "--prometheus-config-reloader=localhost/prometheus_operator/prometheus-config-reloader:1"
    ]


def test_operator_and_its_rights_are_in_one_namespace() -> None:
    assert operator_manifest(yaml.safe_dump(DEPLOYMENT))["metadata"]["namespace"] == NAMESPACE
    binding = operator_manifest(yaml.safe_dump(BINDING))
    assert "namespace" not in binding["metadata"]
    assert [subject["namespace"] for subject in binding["subjects"]] == [NAMESPACE]


def test_prometheus_takes_what_has_the_labels_in_every_namespace() -> None:
    (spec,) = [each["spec"] for each in prometheus({"release": "a"}) if each["kind"] == "Prometheus"]
    assert spec["serviceMonitorSelector"] == spec["ruleSelector"] == {"matchLabels": {"release": "a"}}
    assert spec["serviceMonitorNamespaceSelector"] == spec["ruleNamespaceSelector"] == {}


def test_version_is_that_of_the_module() -> None:
    text = (SOURCES / PROMETHEUS.name / "go.mod").read_text()
    major, minor, patch = VERSION.removeprefix("v").split(".")
    assert f"github.com/prometheus/prometheus v0.{int(major)}{int(minor):02}.{patch}\n" in text
