"""The files of workloads: each set in a volume of its own, written by a data container."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from components.engine.docker.container import data_container_arguments
from components.engine.files import file_sets
from components.engine.labels import Labels
from components.engine.workload import FileTexts, Workload


@dataclass(frozen=True)
class MountedFiles:
    """The files of one workload on the engine."""

    volumes: Mapping[str, pulumi.Input[str]]
    """Folder in the container → name of the volume that is mounted there, read-only."""
    written: tuple[pulumi.Resource, ...]
    """What the workload waits for: the volumes hold the files then."""


NO_FILES = MountedFiles({}, ())


class FileVolumes:
    """Writes the files of one stack's workloads. Another text means another volume, so none is ever read half."""

    def __init__(
        self,
        labels: Labels,
        identity: pulumi.Input[str],
        digest_key: pulumi.Input[str],
        image: Callable[[str], pulumi.Input[str]],
    ) -> None:
        """Write nothing yet.

        Args:
            labels: the stack's.
            identity: the stack's.
            digest_key: a secret that never changes: without it nobody can guess a text from its digest.
            image: returns the id of a reference's image on the engine.
        """
        self._labels = labels
        self._identity = identity
        self._digest_key = digest_key
        self._image = image
        self._made: dict[str, tuple[dict[str, tuple[str, FileTexts]], MountedFiles]] = {}

    def mount(self, workload: Workload, parent: pulumi.Resource, run: object = None) -> MountedFiles:
        """Return a workload's files; workloads that share them get the same volumes.

        Args:
            workload: the workload.
            parent: of the resources.
            run: for a job that has its files alone: whatever starts it again. Between two runs nothing holds the
                volume, and the engine may have removed it, so each run gets one of its own.

        Raises:
            ValueError: when two workloads share files and have different ones.
        """
        files, name = file_sets(workload), workload.files_name or workload.alias
        if name not in self._made:
            made = {
                each[0]: self._volume(f"{name}-{kind}", each, workload, parent, run) for kind, each in files.items()
            }
            volumes: dict[str, pulumi.Input[str]] = {folder: volume.name for folder, (volume, _) in made.items()}
            self._made[name] = files, MountedFiles(volumes, tuple(container for _, container in made.values()))
        shared, mounted = self._made[name]
        if files != shared:
            raise ValueError(f"{workload.name}: its files differ from those of another workload named {name}")
        return mounted

    def _volume(
        self, name: str, files: tuple[str, FileTexts], workload: Workload, parent: pulumi.Resource, run: object
    ) -> tuple[docker.Volume, docker.Container]:
        folder, texts = files
        image, labels = self._image(workload.image), self._labels.of_workload(name)
        # Another image makes another data container: it must not write into a volume that is being read.
        written_anew = digest(self._digest_key, {"files": texts, "image": image, "run": run})
        volume = docker.Volume(
            name,
            labels=[
                {"label": label, "value": value}
                for label, value in {**self._labels.of_identity(self._identity), **labels}.items()
            ],
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=False, replacement_trigger=written_anew),
        )
        container = docker.Container(
            name,
            image=image,
            **data_container_arguments(folder, texts, volume.name),
            labels=[docker.ContainerLabelArgs(label=label, value=value) for label, value in labels.items()],
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=False),
        )
        return volume, container


def digest(key: pulumi.Input[str], value: Mapping[str, object]) -> pulumi.Output[str]:
    """Return a keyed digest of a value. It is no secret: Pulumi replaces nothing when a secret trigger changes."""
    both = pulumi.Output.all(key, pulumi.Output.json_dumps(value, sort_keys=True))
    return pulumi.Output.unsecret(
        both.apply(lambda given: hmac.new(given[0].encode(), given[1].encode(), hashlib.sha256).hexdigest())
    )
