"""Which engine runs a stack. What only Kubernetes needs is imported for stacks that choose it."""

from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple

import pulumi

from components.engine import preflight
from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer
from components.engine.docker.engine import DockerEngine
from components.engine.engine import Engine
from components.engine.host import data_version
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.labels import Labels
from components.engine.preflight import Host
from components.stack import part_sum, parts
from components.stack.settings import Settings

INSTALL = "bootstrap/run --kubernetes"


def observe(stack: Settings, labels: Labels, images: Mapping[str, str]) -> Host:
    """Ask the engine, and refuse to go on where it cannot run the stack; pull what is missing before an update.

    Raises:
        pulumi.RunError: one line for each refusal; nothing has been created.
    """
    if stack.kubernetes:
        kubernetes = _kubernetes()
        namespace = _namespace(stack.kubernetes, labels)
        requests = part_sum.part_sum(stack, lambda part: kubernetes.quantity.millicores(part.cpu_shares))
        host: Host = kubernetes.preflight.check(
            stack.kubernetes,
            labels.stack,
            namespace,
            memory_mib=part_sum.memory_sum(stack).total,
            millicores=requests.total,
            images=images,
            jobs=parts.job_names(),
            throwaway=bool(stack.postgres.external or stack.redis.external),
        )
        return host
    names = [labels.container_name(part) for part in parts.fixed_names(stack)]
    host = preflight.check(labels.stack, parts.host_ports(stack), images.values(), parts.job_names(), names)
    data_version.check(labels.stack, images)
    return host


def create(stack: Settings, labels: Labels, identity: pulumi.Output[str], digest_key: pulumi.Input[str]) -> Engine:
    """Return the engine of a stack; it has created what all of the stack's parts need.

    Args:
        stack: its settings.
        labels: the stack's.
        identity: the stack's; nothing is created before it is known and checked.
        digest_key: a secret that never changes, for the digests of files in the state.
    """
    if stack.kubernetes:
        kubernetes, settings = _kubernetes(), stack.kubernetes
        cluster, namespace = kubernetes.client.Cluster(settings), _namespace(settings, labels)
        engine: Engine = kubernetes.engine.KubernetesEngine(
            settings, cluster, labels.stack, namespace, identity, protect=stack.protect
        )
        return engine
    return DockerEngine(labels, identity, digest_key, protect=stack.protect)


def run_in_pod(settings: KubernetesSettings, labels: Labels, container: ThrowawayContainer) -> str | None:
    """Run a container's program on the cluster and return its output; None if the namespace is not there yet.

    Raises:
        ProgramFailed: if it fails, or the cluster does not answer.
    """
    kubernetes = _kubernetes()
    try:
        cluster = kubernetes.client.Cluster(settings)
        found: str | None = kubernetes.throwaway_pod.run_in_pod(
            cluster, settings, _namespace(settings, labels), container
        )
    except kubernetes.client.ClusterError as error:
        raise ProgramFailed(str(error)) from error
    return found


def _namespace(settings: KubernetesSettings, labels: Labels) -> str:
    try:
        return settings.namespace_of(labels.project, labels.stack)
    except ValueError as error:
        raise pulumi.RunError(str(error)) from error


class Kubernetes(NamedTuple):
    """The modules of the engine that need packages of their own."""

    client: ModuleType
    engine: ModuleType
    preflight: ModuleType
    quantity: ModuleType
    throwaway_pod: ModuleType


def _kubernetes() -> Kubernetes:
    """Import the engine.

    Raises:
        pulumi.RunError: when what it needs is not installed.
    """
    try:
        # A machine that uses Docker alone has no package of it.
        from components.engine.kubernetes import engine, throwaway_pod  # noqa: PLC0415
        from components.engine.kubernetes.cluster import client, preflight, quantity  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise pulumi.RunError(f"engine: kubernetes needs {error.name}, which is not installed: `{INSTALL}`") from error
    return Kubernetes(client, engine, preflight, quantity, throwaway_pod)
