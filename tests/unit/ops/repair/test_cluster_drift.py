"""A change by hand on a cluster is found; secrets are never shown."""

import base64
import copy
from typing import Any

import pytest

from components.engine.ownership import EngineObject, ObjectKind
from ops.repair.cluster_drift import ObservedNamespace, find_cluster_drift
from ops.stack.state import recorded_resources

EDGE: dict[str, Any] = {
    "metadata": {"name": "edge", "labels": {"gateway.identity": "abcd"}},
    "spec": {
        "replicas": 2,
        "minReadySeconds": 0,
        "selector": {"matchLabels": {"app": "edge"}},
        "template": {
            "spec": {
                "containers": [
                    {"name": "edge", "image": "haproxy:3", "args": ["-f", "x"], "env": [{"name": "A", "value": ""}]}
                ]
            }
        },
    },
}
KEYS: dict[str, Any] = {"metadata": {"name": "keys-1"}, "stringData": {"salt": "hush"}}


def recorded(kind: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:blue::gateway::x::{name}"
    return {
        "urn": urn,
        "type": f"kubernetes:{kind}",
        "id": f"blue/{inputs['metadata']['name']}",
        "inputs": inputs,
        **more,
    }


class Namespace:
    """A state and a cluster that agree, until a test changes one."""

    def __init__(self) -> None:
        self.resources = [
            recorded("apps/v1:Deployment", "edge", copy.deepcopy(EDGE)),
            recorded("core/v1:Secret", "keys", KEYS),
        ]
        edge = copy.deepcopy(EDGE)
        edge["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "1"}
        del edge["spec"]["minReadySeconds"]
        del edge["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"]
        edge["spec"]["template"]["spec"]["dnsPolicy"] = "ClusterFirst"
        edge["status"] = {"readyReplicas": 2}
        data = {"salt": base64.b64encode(b"hush").decode()}
        self.manifests: dict[str, Any] = {
            "deployment/edge": edge,
            "secret/keys-1": {"metadata": {"name": "keys-1"}, "data": data},
        }
        self.orphans: list[EngineObject] = []

    @property
    def edge(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.manifests["deployment/edge"]["spec"]
        return spec

    @property
    def container(self) -> dict[str, Any]:
        found: dict[str, Any] = self.edge["template"]["spec"]["containers"][0]
        return found

    def found(self) -> list[tuple[str, str, str, str]]:
        observed = ObservedNamespace(self.manifests, self.orphans)
        drifts = find_cluster_drift(recorded_resources({"resources": self.resources}), observed)
        return [(each.resource, each.what, each.wanted, each.found) for each in drifts]


@pytest.fixture
def namespace() -> Namespace:
    return Namespace()


def test_what_the_cluster_adds_or_leaves_out_by_itself_is_no_drift(namespace: Namespace) -> None:
    assert namespace.found() == []


def test_missing_object_is_found(namespace: Namespace) -> None:
    del namespace.manifests["deployment/edge"]
    assert namespace.found() == [("edge", "object", "deployment/edge", "missing")]


@pytest.mark.parametrize("kind", ["batch/v1:Job", "core/v1:Namespace"])
def test_ended_job_may_be_gone_and_a_namespace_hidden(namespace: Namespace, kind: str) -> None:
    namespace.resources.append(recorded(kind, "other", {"metadata": {"name": "other"}}))
    assert namespace.found() == []


def test_other_number_of_replicas_is_found(namespace: Namespace) -> None:
    namespace.edge["replicas"] = 1
    assert namespace.found() == [("edge", "spec.replicas", "2", "1")]


def test_autoscaler_chooses_the_number_of_replicas_and_all_of_them_have_to_be_ready(namespace: Namespace) -> None:
    namespace.resources[0]["ignoreChanges"] = ["spec.replicas"]
    namespace.edge["replicas"] = 5
    namespace.manifests["deployment/edge"]["status"] = {"readyReplicas": 5}
    assert namespace.found() == []
    namespace.manifests["deployment/edge"]["status"] = {"readyReplicas": 4}
    assert namespace.found() == [("edge", "ready pods", "5", "4")]


def test_other_argument_is_found(namespace: Namespace) -> None:
    namespace.container["args"] = ["-f", "y"]
    assert namespace.found() == [("edge", "spec.template.spec.containers.edge.args[1]", "x", "y")]


def test_one_argument_more_is_found(namespace: Namespace) -> None:
    namespace.container["args"].append("-d")
    assert [each[1] for each in namespace.found()] == ["spec.template.spec.containers.edge.args"]


def test_value_of_a_variable_is_not_shown(namespace: Namespace) -> None:
    namespace.container["env"] = [{"name": "A", "value": "secret-1"}, {"name": "B", "value": "secret-2"}]
    env = "spec.template.spec.containers.edge.env"
    assert namespace.found() == [
        ("edge", f"{env}.A.value", "none", "another value"),
        ("edge", f"{env}.B", "none", "another value"),
    ]


def test_another_container_is_found(namespace: Namespace) -> None:
    namespace.edge["template"]["spec"]["containers"].append({"name": "sidecar"})
    assert [each[1] for each in namespace.found()] == ["spec.template.spec.containers.sidecar"]


def test_narrower_selector_is_found(namespace: Namespace) -> None:
    namespace.edge["selector"]["matchLabels"]["zone"] = "a"
    assert namespace.found() == [("edge", "spec.selector.matchLabels.zone", "none", "a")]


def test_changed_secret_is_found_and_not_shown(namespace: Namespace) -> None:
    namespace.manifests["secret/keys-1"]["data"]["salt"] = base64.b64encode(b"other").decode()
    assert namespace.found() == [("keys", "stringData.salt", "as Pulumi wrote it", "another value")]


def test_pods_that_are_not_ready_are_counted(namespace: Namespace) -> None:
    namespace.manifests["deployment/edge"]["status"] = {}
    assert namespace.found() == [("edge", "ready pods", "2", "0")]


def test_what_an_unfinished_update_left_is_found(namespace: Namespace) -> None:
    namespace.resources[1]["delete"] = True
    assert namespace.found() == [("keys", "object", "removed", "an unfinished update left it")]


def test_object_of_the_stack_that_no_state_knows_is_found(namespace: Namespace) -> None:
    namespace.orphans.append(EngineObject(ObjectKind.OBJECT, "job/dump", "job/dump", "abcd"))
    assert namespace.found() == [("job/dump", "object", "none", "not in the state")]


@pytest.mark.parametrize(("key", "value"), [("envFrom", [{"secretRef": {"name": "x"}}]), ("command", ["sh"])])
def test_what_the_program_leaves_out_and_no_cluster_adds_is_found(
    namespace: Namespace, key: str, value: list[object]
) -> None:
    namespace.container[key] = value
    assert namespace.found() == [("edge", f"spec.template.spec.containers.edge.{key}", "none", str(value))]


def test_first_variable_of_a_container_is_found_and_not_shown(namespace: Namespace) -> None:
    del namespace.resources[0]["inputs"]["spec"]["template"]["spec"]["containers"][0]["env"]
    namespace.container["env"] = [{"name": "B", "value": "secret-2"}]
    assert namespace.found() == [("edge", "spec.template.spec.containers.edge.env", "none", "another value")]


def test_node_selector_is_found(namespace: Namespace) -> None:
    namespace.edge["template"]["spec"]["nodeSelector"] = {"disk": "fast"}
    assert namespace.found() == [("edge", "spec.template.spec.nodeSelector", "none", "{'disk': 'fast'}")]
