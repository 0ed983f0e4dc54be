"""KEDA's manifests as the nodes of the test cluster can run them."""

import yaml

from testbed.cluster.addons.keda import manifests

OPERATOR = {
    "kind": "Deployment",
    "metadata": {"name": "keda-operator"},
    "spec": {
        "template": {
            "spec": {
                "securityContext": {"runAsNonRoot": True},
                "containers": [{"name": "keda-operator", "image": "registry/keda:latest", "command": ["/keda"]}],
            }
        }
    },
}
OTHERS = [
    {"kind": "Deployment", "metadata": {"name": "keda-admission"}},
    {"kind": "ValidatingWebhookConfiguration", "metadata": {"name": "checks"}},
    {"kind": "Namespace", "metadata": {"name": "keda"}},
]


def test_programs_run_from_images_that_the_nodes_have() -> None:
    (found,) = manifests(yaml.safe_dump(OPERATOR))
    pod = found["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (container["image"], container["imagePullPolicy"]) == ("localhost/keda/operator:1", "Never")
    assert container["command"] == ["/bin/operator"]
    assert pod["securityContext"] == {"runAsNonRoot": True, "runAsUser": 1000}


def test_webhooks_are_left_out() -> None:
    found = manifests(yaml.safe_dump_all(OTHERS))
    assert [each["kind"] for each in found] == ["Namespace"]
