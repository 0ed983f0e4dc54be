"""A stack on a real cluster that nobody changes."""

import base64
import re
from statistics import median

import httpx

from benchmarks.kubernetes import add
from benchmarks.result import Result
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import health_url, proxy_url
from testbed.completion import status
from testbed.project import Project
from tests.kubernetes.conftest import NAMESPACE, NODES
from tests.kubernetes.objects import objects

PREVIEWS = 3
SHORTEST_SECRET = 16
"""Characters. Files of Secrets also hold shorter words, such as names of databases."""


def test_completion_is_answered_at_every_node(gateway: Project) -> None:
    key = gateway.output("master_key")
    assert {node: status(proxy_url(node), key) for node in NODES} == dict.fromkeys(NODES, 200)


def test_health_is_answered_at_every_node(gateway: Project) -> None:
    assert [httpx.get(health_url(node)).status_code for node in NODES] == [200] * len(NODES)


def test_every_preview_of_an_unchanged_stack_is_empty(gateway: Project) -> None:
    seconds = [gateway.expect_no_changes().seconds for _ in range(PREVIEWS)]
    add(Result("changes in three previews of an unchanged stack", 0, 0, f"{median(seconds):.1f} s each"))


def secrets(nodes: Cluster, selector: str) -> set[str]:
    """Return the words of all files in the stack's Secrets, without names of variables."""
    found = objects(nodes, "secrets", "-l", selector)
    texts = [base64.b64decode(text).decode() for each in found for text in (each.get("data") or {}).values()]
    words = {word for text in texts for word in re.split(r"[\s='\":@/?&]+", text)}
    return {word for word in words if len(word) >= SHORTEST_SECRET and not re.fullmatch(r"[A-Z_]+", word)}


def test_secrets_are_in_no_description_preview_log_or_state(gateway: Project, nodes: Cluster) -> None:
    kinds = "pods,deployments,statefulsets,jobs,services,configmaps,persistentvolumeclaims,events"
    described = nodes.kubectl("-n", NAMESPACE, "describe", f"{kinds},secrets")
    manifests = nodes.kubectl("-n", NAMESPACE, "get", kinds, "-o", "yaml")
    stack = f"app.kubernetes.io/instance={gateway.stack}"
    logs = nodes.kubectl("-n", NAMESPACE, "logs", "-l", stack, "--tail=-1", "--max-log-requests=30", "--prefix")
    with gateway.configured({"gateway:litellm.config.num_retries": 5}):
        preview = gateway.must("preview", "--diff").output
    state = gateway.must("stack", "export").output
    assert "litellm" in described
    assert "num_retries" in preview
    shown = {"description": described, "manifests": manifests, "logs": logs, "preview": preview, "state": state}
    hidden = secrets(nodes, stack)
    assert gateway.output("master_key") in hidden
    assert {place for place, text in shown.items() if any(secret in text for secret in hidden)} == set()
