"""Runs workloads as containers of one Docker engine (pulumi-docker, the kreuzwerker provider)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_docker as docker

from components.engine.container_report import report_failure
from components.engine.labels import STACK_LABEL, Labels
from components.engine.networks import Networks
from components.engine.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    SECRETS_FOLDER,
    FileTexts,
    HealthCheck,
    Replacement,
    Workload,
)

IN_PLACE_BUT_IGNORED = ["healthcheck", "tmpfs", "init"]
"""The provider reports an update of these and applies nothing (kreuzwerker/terraform-provider-docker#988)."""

NEVER_HEALTHY = "#initerror"
"""Pulumi's name for a resource whose creation failed half way. Without it the next `pulumi up` takes a container
that never became healthy for a good one, and deletes the old one that serves."""

LOG_OPTIONS = {"max-size": "10m", "max-file": "3"}


def seconds(value: int) -> str:
    """Write a duration as Docker reads it back (Go's form: 90 → 1m30s); any other form is a difference for ever."""
    minutes, rest = divmod(value, 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest}s"


class DockerEngine:
    """Makes the containers of one stack."""

    def __init__(self, labels: Labels, networks: Networks, *, protect: bool) -> None:
        """Take what all containers of the stack share; `protect` refuses to delete volumes and outlives the stack."""
        self._protect = protect
        self._labels = labels
        self._networks = networks
        self._report_failure = report_failure(labels.stack)
        self._images: dict[str, docker.RemoteImage] = {}
        self._files: dict[str, list[docker.Container]] = {}

    def image(self, reference: str) -> pulumi.Output[str]:
        """Give the image's id on the engine; pulled when it is not there."""
        if reference not in self._images:
            name = reference.split("@", maxsplit=1)[0].rsplit("/", 1)[-1].split(":", maxsplit=1)[0]
            self._images[reference] = docker.RemoteImage(f"{name}-image", name=reference, keep_locally=True)
        return self._images[reference].image_id

    def volume(self, name: str, parent: pulumi.Resource) -> docker.Volume:
        """Make a volume for data. Its name is new each time: a name of our own could be another stack's volume."""
        return docker.Volume(
            name,
            labels=[docker.VolumeLabelArgs(label=STACK_LABEL, value=self._labels.stack)],
            opts=pulumi.ResourceOptions(parent=parent, protect=self._protect, retain_on_delete=self._protect),
        )

    def run(
        self,
        workload: Workload,
        parent: pulumi.Resource,
        depends_on: Sequence[pulumi.Resource] = (),
        labels: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> docker.Container:
        """Start the workload and wait until it is healthy; a failure prints its last log lines and health log."""
        exclusive = workload.replacement is Replacement.DELETE_BEFORE_CREATE
        return docker.Container(
            workload.name,
            name=self._labels.container_name(workload.name) if exclusive else None,
            image=self.image(workload.image),
            **self.arguments(workload, parent),
            labels=self._labels.of(workload.name, labels),
            opts=pulumi.ResourceOptions(
                parent=parent,
                depends_on=list(depends_on),
                delete_before_replace=exclusive,
                replace_on_changes=[*IN_PLACE_BUT_IGNORED, NEVER_HEALTHY],
                hooks=pulumi.ResourceHookBinding(on_error=[self._report_failure]),
            ),
        )

    def run_once(
        self,
        workload: Workload,
        parent: pulumi.Resource,
        depends_on: Sequence[pulumi.Resource] = (),
        labels: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> docker.Container:
        """Start the workload and wait until it ends. Its `exit_code` tells how; nothing here judges it."""
        arguments = self.arguments(workload, parent) | {
            "healthcheck": None, "wait": False, "restart": "no", "must_run": False, "attach": True,
        }  # fmt: skip
        return docker.Container(
            workload.name,
            image=self.image(workload.image),
            **arguments,
            labels=self._labels.of(workload.name, labels),
            opts=pulumi.ResourceOptions(parent=parent, depends_on=list(depends_on), delete_before_replace=False),
        )

    def arguments(self, workload: Workload, parent: pulumi.Resource) -> dict[str, Any]:
        """Render a workload as the provider's arguments. Every field that Docker would fill in is given."""
        return {
            "entrypoints": list(workload.entrypoint) or None,
            "command": list(workload.command) or None,
            "envs": [f"{name}={value}" for name, value in sorted(workload.environment.items())],
            "user": workload.user,
            "memory": workload.memory,
            "memory_swap": workload.memory,
            "cpu_shares": workload.cpu_shares,
            "cpu_set": workload.cpu_set,
            "cgroup_parent": workload.cgroup_parent,
            "ulimits": [docker.ContainerUlimitArgs(name="nproc", soft=workload.processes, hard=workload.processes)],
            "read_only": True,
            "init": True,
            "tmpfs": dict.fromkeys(workload.tmpfs, "rw,nosuid,nodev,mode=1777"),
            "capabilities": docker.ContainerCapabilitiesArgs(drops=["ALL"]),
            "security_opts": ["no-new-privileges"],
            "log_driver": "json-file",
            "log_opts": LOG_OPTIONS,
            "network_mode": "bridge",
            "networks_advanced": [
                docker.ContainerNetworksAdvancedArgs(name=self._networks.name_of(network), aliases=[workload.alias])
                for network in workload.networks
            ],
            "hosts": [docker.ContainerHostArgs(host="host.docker.internal", ip="host-gateway")]
            if workload.host_gateway
            else None,
            "ports": [
                docker.ContainerPortArgs(internal=port.internal, external=port.external, ip=port.address)
                for port in workload.ports
            ],
            "volumes": [
                docker.ContainerVolumeArgs(from_container=container.id, read_only=True)
                for container in self.files(workload, parent)
            ]
            + [
                docker.ContainerVolumeArgs(volume_name=volume.name, container_path=volume.path)
                for volume in workload.volumes
            ],
            "restart": "unless-stopped",
            "stop_timeout": workload.stop_seconds,
            "destroy_grace_seconds": workload.stop_seconds,
            "healthcheck": healthcheck(workload.health),
            "wait": True,
            "wait_timeout": workload.health.deadline,
        }

    def files(self, workload: Workload, parent: pulumi.Resource) -> list[docker.Container]:
        """Make the containers whose volumes carry the workload's files; workloads of one alias share them.

        They are created and never started. A file cannot be put into a container whose root is read-only, and one
        secret among a container's files would hide all of them from previews: so one carries the configuration, one
        the secrets.
        """
        if workload.alias not in self._files:
            self._files[workload.alias] = [
                self._carrier(f"{workload.alias}-{kind}", folder, texts, workload, parent)
                for kind, folder, texts in (
                    ("config", CONFIG_FOLDER, workload.config),
                    ("programs", PROGRAMS_FOLDER, workload.programs),
                    ("secrets", SECRETS_FOLDER, workload.secrets),
                )
                if texts
            ]
        return self._files[workload.alias]

    def _carrier(
        self, name: str, folder: str, texts: FileTexts, workload: Workload, parent: pulumi.Resource
    ) -> docker.Container:
        return docker.Container(
            name,
            image=self.image(workload.image),
            entrypoints=["/bin/true"],
            start=False,
            must_run=False,
            restart="no",
            network_mode="none",
            log_driver="none",
            volumes=[docker.ContainerVolumeArgs(container_path=folder)],
            uploads=[
                docker.ContainerUploadArgs(file=f"{folder}/{file}", content=text)
                for file, text in sorted(texts.items())
            ],
            labels=self._labels.of(name),
            opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=False),
        )


def healthcheck(check: HealthCheck) -> docker.ContainerHealthcheckArgs:
    """Render a health check as the provider's arguments."""
    return docker.ContainerHealthcheckArgs(
        tests=list(check.command),
        interval=seconds(check.interval),
        timeout=seconds(check.timeout),
        retries=check.retries,
        start_period=seconds(check.start_period),
    )
