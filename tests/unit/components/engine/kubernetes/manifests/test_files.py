"""ConfigMaps and Secrets of files."""

from components.engine.kubernetes.manifests.files import (
    config_map,
    config_map_volume,
    secret,
    secret_volume,
)
from tests.unit.components.cluster import METADATA, labels

TEXTS = {"web.conf": "listen 80\n", "pages/index.html": "hello\n"}
ITEMS = [
    {"key": "pages__index.html", "path": "pages/index.html"},
    {"key": "web.conf", "path": "web.conf"},
]
MADE = {"namespace": "gateway-test", "labels": labels("web")}
"""Without a name: Pulumi makes one that no object had before."""


def test_config_is_an_immutable_config_map() -> None:
    assert config_map(METADATA, "web", TEXTS) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": MADE,
        "immutable": True,
        "data": {"pages__index.html": "hello\n", "web.conf": "listen 80\n"},
    }


def test_secrets_are_an_immutable_secret() -> None:
    assert secret(METADATA, "web", {"password": "hush"}) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": MADE,
        "type": "Opaque",
        "immutable": True,
        "stringData": {"password": "hush"},
    }


def test_files_of_folders_keep_their_paths() -> None:
    assert config_map_volume("made", TEXTS) == {"configMap": {"name": "made", "items": ITEMS}}


def test_only_the_pod_s_group_reads_secrets() -> None:
    assert secret_volume("made", TEXTS) == {"secret": {"secretName": "made", "defaultMode": 0o440, "items": ITEMS}}
