"""Runs services and jobs as containers of one Docker engine. Only this folder knows pulumi-docker."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address

import pulumi
import pulumi_docker as docker

from components.engine.connection.endpoint import find_endpoint
from components.engine.docker.container import PULL_TIMEOUT_SECONDS, job_arguments, service_arguments, timeouts
from components.engine.docker.container_report import check_exit_code, report_failure
from components.engine.docker.file_volumes import NO_FILES, FileVolumes
from components.engine.docker.networks import Networks
from components.engine.docker.provider import use_endpoint
from components.engine.engine import DOCKER_NAMES, JobRun, NameService
from components.engine.labels import IDENTITY_FOLDER, IDENTITY_VOLUME, MADE_BY_LABEL, Labels
from components.engine.ownership import maker
from components.engine.workload import LOOPBACK, DataVolume, Job, Replacement, Service, Workload
from components.images.reference import ImageReference

IGNORED_IN_PLACE = ["healthcheck", "tmpfs", "init"]
"""The provider reports an update of these and applies nothing (kreuzwerker/terraform-provider-docker#988)."""

PULL_TIMEOUTS = pulumi.CustomTimeouts(create=f"{PULL_TIMEOUT_SECONDS}s", update=f"{PULL_TIMEOUT_SECONDS}s")

NEVER_HEALTHY = "#initerror"
"""Pulumi's name for a resource whose creation failed half way. Without it the next `pulumi up` takes a container
that never became healthy for a good one, and deletes the old one that serves."""


class DockerEngine:
    """Creates the containers, networks and volumes of one stack."""

    def __init__(
        self, labels: Labels, identity: pulumi.Output[str], digest_key: pulumi.Input[str], *, protect: bool
    ) -> None:
        """Create the stack's networks, and the volume that says whose the stack is.

        Args:
            labels: the stack's.
            identity: the stack's; nothing is created before it is known and checked.
            digest_key: a secret that never changes, for the digests of files in the state.
            protect: whether volumes refuse deletion and outlive the stack.
        """
        use_endpoint(find_endpoint())
        self._labels = labels
        self._identity = identity
        self._protect = protect
        self._networks = Networks("networks", labels, identity)
        # Never protected: a version without it can be rolled back to.
        self._identity_volume = self._volume(IDENTITY_VOLUME, self._networks, {MADE_BY_LABEL: maker()}, protect=False)
        self._report_failure = report_failure(labels.stack)
        self._images: dict[str, docker.RemoteImage] = {}
        self._files = FileVolumes(labels, identity, digest_key, self._image)

    @property
    def name_service(self) -> NameService:
        """Docker's own."""
        return DOCKER_NAMES

    @property
    def balances(self) -> bool:
        """Whether it leads clients to several containers. A host port belongs to one."""
        return False

    @property
    def public_url(self) -> None:
        """None: clients reach host ports."""
        return None

    @property
    def prometheus(self) -> None:
        """None: the stack runs its own."""
        return None

    def client_host(self, address: str) -> str:
        """Return the host of a URL that leads to a published address, from this machine."""
        known = ip_address(address)
        if known.is_unspecified:
            return LOOPBACK if known.version == 4 else "[::1]"
        return address if known.version == 4 else f"[{address}]"

    def create_volume(self, volume: DataVolume, parent: pulumi.Resource) -> pulumi.Output[str]:
        """Create a volume and return its name, which Pulumi makes: a fixed name could be another stack's volume."""
        return self._volume(volume.name, parent, {}, protect=self._protect).name

    def run(
        self, service: Service, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> docker.Container:
        """Start a service and wait until it is healthy; a failure prints its last log lines and health log."""
        exclusive = service.replacement is Replacement.DELETE_BEFORE_CREATE
        files = self._files.mount(service, parent)
        # `docker volume prune` takes what nothing mounts.
        mounted = {**files.volumes, IDENTITY_FOLDER: self._identity_volume.name}
        return docker.Container(
            service.name,
            name=self._labels.container_name(service.name) if exclusive else None,
            image=self._image(service.image),
            **service_arguments(service, self._networks.names, mounted),
            labels=self._container_labels(service),
            opts=pulumi.ResourceOptions(
                parent=parent,
                depends_on=[*depends_on, *files.written],
                delete_before_replace=exclusive,
                replace_on_changes=[*IGNORED_IN_PLACE, NEVER_HEALTHY],
                hooks=pulumi.ResourceHookBinding(on_error=[self._report_failure]),
                custom_timeouts=timeouts(service),
            ),
        )

    def run_replicas(
        self, service: Service, replicas: int, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> Sequence[docker.Container]:
        """Start the containers one after the other, each once the one before is healthy; their names are numbered."""
        started: list[docker.Container] = []
        for number in range(1, replicas + 1):
            one = replace(service, name=f"{service.name}-{number}")
            started.append(self.run(one, parent, started[-1:] or depends_on))
        return started

    def run_once(
        self, job: Job, parent: pulumi.Resource, *, failure: str, depends_on: Sequence[pulumi.Resource] = ()
    ) -> JobRun:
        """Start a job and wait until it ends; a failure prints its last log lines."""
        files = self._files.mount(job, parent, self._run(job))
        container = docker.Container(
            job.name,
            image=self._image(job.image),
            **job_arguments(job, self._networks.names, files.volumes),
            labels=self._container_labels(job),
            opts=pulumi.ResourceOptions(
                parent=parent,
                depends_on=[*depends_on, *files.written],
                delete_before_replace=False,
                custom_timeouts=timeouts(job),
            ),
        )

        def image_of_success(ended: Sequence[object]) -> str:
            container_id, exit_code, image = ended
            check_exit_code(str(container_id), exit_code, failure)
            return str(image)

        succeeded = pulumi.Output.all(container.id, container.exit_code, container.image).apply(image_of_success)
        # A preview does not know the id of a job that is to run, and would show whatever waits for it as replaced. It
        # refuses a job that has failed all the same: Pulumi waits for `succeeded`, whoever else does.
        return JobRun(container, container.image if pulumi.runtime.is_dry_run() else succeeded)

    def _volume(self, name: str, parent: pulumi.Resource, more: Mapping[str, str], *, protect: bool) -> docker.Volume:
        labels = {**self._labels.of_identity(self._identity), **more}
        return docker.Volume(
            name,
            labels=[{"label": label, "value": value} for label, value in labels.items()],
            opts=pulumi.ResourceOptions(
                parent=parent,
                protect=protect,
                retain_on_delete=protect,
                # Another label would replace the volume.
                ignore_changes=["labels"],
            ),
        )

    def _run(self, job: Job) -> object:
        """Return what starts a job again; None if it shares its files, which the services keep that share them."""
        if job.name != (job.files_name or job.alias):
            return None
        arguments = job_arguments(job, self._networks.names, NO_FILES.volumes)
        return {"image": self._image(job.image), "labels": self._labels.of_workload(job.name, job.labels), **arguments}

    def _image(self, reference: str) -> pulumi.Output[str]:
        """Return the image's id on the engine; it is pulled when it is missing."""
        if reference not in self._images:
            name = f"{ImageReference.parse(reference).name}-image"
            # A refused stack fetches none: the networks wait for the identity.
            opts = pulumi.ResourceOptions(depends_on=[self._networks], custom_timeouts=PULL_TIMEOUTS)
            self._images[reference] = docker.RemoteImage(name, name=reference, keep_locally=True, opts=opts)
        return self._images[reference].image_id

    def _container_labels(self, workload: Workload) -> list[docker.ContainerLabelArgs]:
        labels = self._labels.of_workload(workload.name, workload.labels)
        return [docker.ContainerLabelArgs(label=label, value=value) for label, value in labels.items()]
