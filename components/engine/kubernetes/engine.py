"""Runs services and jobs in a namespace of one Kubernetes cluster."""

from collections.abc import Sequence
from typing import Any

import pulumi

from components.engine.engine import JobRun, NameService
from components.engine.kubernetes import register, timeouts
from components.engine.kubernetes.addons.end_of_scaling import end_of_scaling
from components.engine.kubernetes.addons.prometheus import OperatorPrometheus
from components.engine.kubernetes.addons.routes import routes
from components.engine.kubernetes.addons.scaled_object import scaled_object
from components.engine.kubernetes.cluster.client import Cluster
from components.engine.kubernetes.file_objects import FileObjects
from components.engine.kubernetes.image_pull import FAILURE, pull_job
from components.engine.kubernetes.manifests import service as services
from components.engine.kubernetes.manifests.deployment import deployment
from components.engine.kubernetes.manifests.disruption_budget import disruption_budget
from components.engine.kubernetes.manifests.job import job_manifest
from components.engine.kubernetes.manifests.metadata import Manifest, Metadata
from components.engine.kubernetes.manifests.network_policies import clients_policy, namespaces_policy, network_policies
from components.engine.kubernetes.manifests.pod import Pods
from components.engine.kubernetes.manifests.stateful_set import stateful_set
from components.engine.kubernetes.manifests.volume_claim import volume_claim
from components.engine.kubernetes.namespace import Namespace, NamespaceArgs
from components.engine.kubernetes.pod_report import report_failure
from components.engine.kubernetes.settings import KubernetesSettings, ServiceType
from components.engine.metrics import ExternalPrometheus
from components.engine.workload import DataVolume, Job, Replacement, Service

SCALED_BY_OTHERS = ["spec.replicas"]
"""Of a Deployment whose number of pods an autoscaler chooses."""
KEPT_AS_MADE = ["spec.accessModes", "spec.storageClassName"]
"""Of a claim. Another value would make another claim, without the data."""


class KubernetesEngine:
    """Creates the objects of one stack. Components see it as an `Engine`."""

    def __init__(
        self,
        settings: KubernetesSettings,
        cluster: Cluster,
        stack: str,
        namespace: str,
        identity: pulumi.Output[str],
        *,
        protect: bool,
    ) -> None:
        """Create the namespace, what says whose it is, and the policies of its networks.

        Args:
            settings: the stack's.
            cluster: the one that the settings name.
            stack: name of the stack.
            namespace: the stack's.
            identity: the stack's; nothing is created before it is known and checked.
            protect: whether volumes refuse deletion and outlive the stack.
        """
        self._settings, self._cluster = settings, cluster
        self._namespace_name, self._protect = namespace, protect
        self._provider = register.provider(
            "cluster", kubeconfig=str(cluster.kubeconfig), context=cluster.context, namespace=namespace
        )
        self._namespace = Namespace(
            "namespace",
            NamespaceArgs(settings, cluster, stack, namespace, identity, protect=protect),
            pulumi.ResourceOptions(provider=self._provider),
        )
        metadata = Metadata(stack, self._namespace.name, identity)
        self._pods = Pods(metadata, settings.image_pull_secret, settings.deregistration_delay)
        self._policies = [
            self._register(f"{name}-policy", manifest, self._namespace)
            for name, manifest in network_policies(metadata).items()
        ]
        self._failures: dict[str, str] = {}
        self._report_failure = report_failure(cluster, stack, namespace, self._failures)
        self._files = FileObjects(metadata, self._register)
        self._images: dict[str, pulumi.Resource] = {}
        self._clients: Any = None

    @property
    def name_service(self) -> NameService:
        """The cluster's."""
        return NameService("cluster", None, f".{self._domain}")

    @property
    def balances(self) -> bool:
        """Whether it leads clients to several containers, which a Service does."""
        return True

    @property
    def public_url(self) -> str | None:
        """That of the Ingress or the Gateway."""
        return self._settings.public_url

    @property
    def prometheus(self) -> ExternalPrometheus | None:
        """A Prometheus of the Prometheus operator, if the settings have one."""
        settings, metadata = self._settings.prometheus_operator, self._pods.metadata
        return OperatorPrometheus(settings, metadata, self._namespace_name, self._register) if settings else None

    def client_host(self, address: str) -> pulumi.Input[str]:  # noqa: ARG002 - a Service has no host address
        """Return the host of a URL that leads to the edges: the balancer's address, else the Service's own name."""
        if self._clients is None or self._settings.service.type is not ServiceType.LOAD_BALANCER:
            return f"{services.CLIENTS}.{self._domain}"
        given: pulumi.Output[str] = self._clients.status.apply(balancer_address)
        return given

    def create_volume(self, volume: DataVolume, parent: pulumi.Resource) -> pulumi.Output[str]:
        """Create a claim and return its name."""
        manifest = volume_claim(
            self._pods.metadata,
            volume.name,
            size_gib=self._settings.size_gib(volume),
            storage_class=self._settings.storage_class,
        )
        made = self._register(
            volume.name,
            manifest,
            parent,
            protect=self._protect,
            retain_on_delete=self._protect,
            ignore_changes=KEPT_AS_MADE,
        )
        claim: pulumi.Output[str] = made.metadata["name"]
        return claim

    def run(
        self, service: Service, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> pulumi.Resource:
        """Start a service and wait until it is ready; a failure prints its pod's last log lines and events."""
        metadata, files = self._pods.metadata, self._files.mount(service, parent)
        before = [*depends_on, self._image(service.image)]
        if service.listens:
            before.append(self._register(f"{service.name}-service", services.cluster_ip(metadata, service), parent))
        if service.ingress_namespaces:
            policy = namespaces_policy(metadata, service)
            before.append(self._register(f"{service.name}-namespaces-policy", policy, parent))
        exclusive = service.replacement is Replacement.DELETE_BEFORE_CREATE
        starts = timeouts.of_service(service, self._settings) + (service.stop_timeout if exclusive else 0)
        manifest = (
            stateful_set(self._pods, service, files)
            if exclusive and service.volumes
            else deployment(self._pods, service, files, deadline=starts)
        )
        made: pulumi.Resource = self._workload(service, manifest, parent, before, starts)
        return made

    def run_replicas(
        self, service: Service, replicas: int, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> Sequence[pulumi.Resource]:
        """Start the pods of a service, spread over nodes. Clients reach those that are ready."""
        metadata, files = self._pods.metadata, self._files.mount(service, parent)
        alias = self._register(f"{service.name}-service", services.headless(metadata, service), parent)
        # Who finds replicas by name may hold an older answer; a Service with an address is told at once.
        known_after = 0 if service.ports else self._settings.dns_ttl
        most = service.autoscaling.max_replicas if service.autoscaling else replicas
        starts = timeouts.of_service(service, self._settings, replicas=most, min_ready_seconds=known_after)
        manifest = deployment(
            self._pods,
            service,
            files,
            deadline=starts,
            replicas=replicas,
            max_surge=self._settings.max_surge,
            min_ready_seconds=known_after,
        )
        before = [*depends_on, alias, self._image(service.image)]
        if service.ports:
            before.append(self._register(f"{service.name}-clients-policy", clients_policy(metadata, service), parent))
        kept = SCALED_BY_OTHERS if service.autoscaling else None
        pods = self._workload(service, manifest, parent, before, starts, ignore_changes=kept)
        if service.autoscaling:
            scaled = scaled_object(metadata, service.name, replicas, service.autoscaling)
            limits = timeouts.custom_timeouts(timeouts.AUTOSCALING_SECONDS, timeouts.AUTOSCALING_SECONDS)
            name = f"{service.name}-autoscaling"
            self._register(name, scaled, parent, depends_on=[pods], custom_timeouts=limits)
        if most > 1:
            self._register(f"{service.name}-budget", disruption_budget(metadata, service.name), parent)
        if service.ports:
            exposed = services.clients(metadata, service, self._settings.service)
            self._clients = self._register(f"{service.name}-clients", exposed, parent, depends_on=[pods])
            for name, route in routes(metadata, service, self._settings).items():
                self._register(name, route, parent, depends_on=[self._clients])
        return [pods]

    def run_once(
        self, job: Job, parent: pulumi.Resource, *, failure: str, depends_on: Sequence[pulumi.Resource] = ()
    ) -> JobRun:
        """Start a job and wait until it ends; a failure prints its pod's last log lines and events."""
        made = self._job(job, parent, failure, [*depends_on, self._image(job.image)])
        image = pulumi.Output.from_input(job.image)
        # A preview does not know the id of a job that is to run, and would show whatever waits for it as changed.
        return JobRun(made, image if pulumi.runtime.is_dry_run() else made.id.apply(lambda _: job.image))

    def _image(self, reference: str) -> pulumi.Resource:
        """Return what waits until an image was pulled."""
        if reference not in self._images:
            failure = FAILURE.format(reference)
            self._images[reference] = self._job(pull_job(reference), self._namespace, failure, [])
        return self._images[reference]

    def _job(self, job: Job, parent: pulumi.Resource, failure: str, depends_on: Sequence[pulumi.Resource]) -> Any:
        self._failures[job.name] = failure
        deadline = timeouts.of_job(job, self._settings)
        manifest = job_manifest(self._pods, job, self._files.mount(job, parent), deadline=deadline)
        return self._workload(job, manifest, parent, depends_on, deadline)

    @property
    def _domain(self) -> str:
        return f"{self._namespace_name}.svc.{self._settings.cluster_domain}"

    def _workload(
        self,
        workload: Service | Job,
        manifest: Manifest,
        parent: pulumi.Resource,
        depends_on: Sequence[pulumi.Resource],
        starts: int,
        **options: Any,
    ) -> Any:
        stops = self._pods.deregistration_delay + workload.stop_timeout
        return self._register(
            workload.name,
            manifest,
            parent,
            depends_on=[*depends_on, *self._policies],
            custom_timeouts=timeouts.custom_timeouts(starts, stops),
            hooks=pulumi.ResourceHookBinding(on_error=[self._report_failure], before_update=self._before(workload)),
            **options,
        )

    def _before(self, workload: Service | Job) -> list[pulumi.ResourceHook | pulumi.ResourceHookFunction] | None:
        """Return what happens before an update of a workload."""
        ends = isinstance(workload, Service) and workload.scaled_before and not workload.autoscaling
        return [end_of_scaling(self._cluster, self._namespace_name)] if ends else None

    def _register(self, name: str, manifest: Manifest, parent: pulumi.Resource, **options: Any) -> Any:
        opts = pulumi.ResourceOptions(parent=parent, provider=self._provider, **options)
        return register.register(name, manifest, opts)


def balancer_address(status: Any) -> str:
    """Return the address that a balancer gave a Service: a host name or an IP."""
    (ingress, *_) = status["load_balancer"]["ingress"]
    return str(ingress.get("hostname") or ingress["ip"])
