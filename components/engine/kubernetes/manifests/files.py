"""Files of workloads: ConfigMaps and Secrets, immutable. Another text makes another object.

No name holds a digest of the content. After a failed update that is taken back, it would be the name of an object that
Pulumi is about to delete. Pulumi makes a name that no object had before.
"""

from typing import Any

import pulumi

from components.engine.kubernetes.manifests.metadata import Manifest, Metadata
from components.engine.workload import FileTexts

SECRET_MODE = 0o440
"""For the pod's group, which is the user's own."""


def config_map(metadata: Metadata, owner: str, texts: FileTexts) -> Manifest:
    """Return the ConfigMap of the files of one folder."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata.of(owner),
        "immutable": True,
        "data": {key(file): text for file, text in sorted(texts.items())},
    }


def secret(metadata: Metadata, owner: str, texts: FileTexts) -> Manifest:
    """Return the Secret of the files of one folder."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata.of(owner),
        "type": "Opaque",
        "immutable": True,
        "stringData": {key(file): text for file, text in sorted(texts.items())},
    }


def config_map_volume(name: pulumi.Input[str], texts: FileTexts) -> dict[str, Any]:
    """Return the source of a volume with a ConfigMap's files."""
    return {"configMap": {"name": name, "items": items(texts)}}


def secret_volume(name: pulumi.Input[str], texts: FileTexts) -> dict[str, Any]:
    """Return the source of a volume with a Secret's files."""
    return {"secret": {"secretName": name, "defaultMode": SECRET_MODE, "items": items(texts)}}


def items(texts: FileTexts) -> list[dict[str, str]]:
    """Return which key stands for which file."""
    return [{"key": key(file), "path": file} for file in sorted(texts)]


def key(file: str) -> str:
    """Return the key of a file. A key holds no slash."""
    return file.replace("/", "__")
