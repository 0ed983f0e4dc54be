"""KEDA on the cluster: built of its Go module, started by the manifests that it brings."""

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from bootstrap.offline.toolchain import find_go
from testbed.cluster.cluster import Cluster
from testbed.cluster.images import write_image
from testbed.cluster.programs import BIN, SOURCES, GoModule, build

NAMESPACE = "keda"
PACKAGE = "github.com/kedacore/keda/v2"
PROGRAMS = {"keda-operator": "operator", "keda-metrics-apiserver": "adapter"}
"""Deployment → its program."""
MODULE = GoModule("keda", tuple(f"{PACKAGE}/cmd/{program}" for program in PROGRAMS.values()), BIN / "keda")
USER = 1000
WEBHOOKS = "keda-admission"
"""What checks objects before they are kept. KEDA works without."""


def install(cluster: Cluster) -> None:
    """Start KEDA and wait until it is ready."""
    build((MODULE,))
    for deployment, program in PROGRAMS.items():
        archive = cluster.folder / "images" / f"{deployment}.tar"
        write_image(image(deployment), MODULE.output / program, archive)
        for node in cluster.nodes:
            node.run(("ctr", "-n", "k8s.io", "images", "import", str(archive)), stdout=subprocess.DEVNULL)
    text = cluster.kubectl("kustomize", str(sources() / "config" / "default"))
    cluster.apply(manifests(text))
    for deployment in PROGRAMS:
        cluster.kubectl("-n", NAMESPACE, "rollout", "status", f"deployment/{deployment}", "--timeout=300s")
    cluster.kubectl("wait", "--for=condition=Available", "apiservice/v1beta1.external.metrics.k8s.io", "--timeout=120s")


def image(deployment: str) -> str:
    """Return the reference of the image of a program."""
    return f"localhost/{deployment}:1"


def sources() -> Path:
    """Return the folder with KEDA's sources."""
    command = (str(find_go()), "list", "-m", "-f", "{{.Dir}}", PACKAGE)
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    listed = subprocess.run(
        command, cwd=SOURCES / MODULE.name, env=environment, check=True, text=True, stdout=subprocess.PIPE
    )
    return Path(listed.stdout.strip())


def manifests(text: str) -> list[dict[str, Any]]:
    """Return KEDA's manifests with the images that the nodes have."""
    found = [each for each in yaml.safe_load_all(text) if each and not _of_webhooks(each)]
    for each in found:
        name = each["metadata"]["name"]
        if each["kind"] == "Deployment":
            pod = each["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            container |= {"image": image(name), "imagePullPolicy": "Never", "command": ["/program"]}
            pod["securityContext"] = {**pod.get("securityContext", {}), "runAsUser": USER}
    return found


def _of_webhooks(manifest: dict[str, Any]) -> bool:
    return WEBHOOKS in manifest["metadata"]["name"] or manifest["kind"] == "ValidatingWebhookConfiguration"
