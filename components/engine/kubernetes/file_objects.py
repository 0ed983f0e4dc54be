"""The files of workloads: a ConfigMap or a Secret for each folder."""

from collections.abc import Callable
from typing import Any

import pulumi

from components.engine.files import file_sets
from components.engine.kubernetes.manifests.files import config_map, config_map_volume, secret, secret_volume
from components.engine.kubernetes.manifests.metadata import Manifest, Metadata
from components.engine.kubernetes.manifests.pod import Files
from components.engine.workload import SECRETS_FOLDER, FileTexts, Workload


class FileObjects:
    """Makes the files of one stack's workloads. Another text is another object, so none is ever read half."""

    def __init__(self, metadata: Metadata, register: Callable[[str, Manifest, pulumi.Resource], Any]) -> None:
        """Make nothing yet. `register` takes a resource's name, its manifest and its parent."""
        self._metadata = metadata
        self._register = register
        self._made: dict[str, tuple[dict[str, tuple[str, FileTexts]], Files]] = {}

    def mount(self, workload: Workload, parent: pulumi.Resource) -> Files:
        """Return a workload's files; workloads that share them get the same objects.

        Raises:
            ValueError: when two workloads share files and have different ones.
        """
        sets, name = file_sets(workload), workload.files_name or workload.alias
        if name not in self._made:
            made = {
                folder: self._object(f"{name}-{kind}", name, folder, texts, parent)
                for kind, (folder, texts) in sets.items()
            }
            self._made[name] = sets, made
        shared, files = self._made[name]
        if sets != shared:
            raise ValueError(f"{workload.name}: its files differ from those of another workload named {name}")
        return files

    def _object(self, name: str, owner: str, folder: str, texts: FileTexts, parent: pulumi.Resource) -> dict[str, Any]:
        secrets = folder == SECRETS_FOLDER
        manifest = (secret if secrets else config_map)(self._metadata, owner, texts)
        made = self._register(name, manifest, parent).metadata["name"]
        return (secret_volume if secrets else config_map_volume)(made, texts)
