"""The stack's namespace on the cluster, and the proof that it is still the same."""

from dataclasses import dataclass

import pulumi

from components.engine.kubernetes import register
from components.engine.kubernetes.cluster.client import Cluster, ClusterError
from components.engine.kubernetes.manifests.metadata import Metadata
from components.engine.kubernetes.manifests.namespace import IDENTITY, identity_map, namespace
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.ownership import maker


@dataclass(frozen=True)
class NamespaceArgs:
    """What a namespace needs."""

    settings: KubernetesSettings
    cluster: Cluster
    stack: str
    namespace: str
    identity: pulumi.Output[str]
    protect: bool
    """Whether the claims in it outlive the stack; a namespace that is deleted takes them with it."""


class Namespace(pulumi.ComponentResource):
    """The namespace, if the stack makes it, and the object that says whose it is."""

    name: pulumi.Output[str]
    """Its name, which is known only if the cluster has the stack's own object there. Everything waits for it."""

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create them."""
        super().__init__("gateway:index:Namespace", name, {}, opts)
        before = []
        provider = opts.provider if opts else None
        if args.settings.create_namespace:
            manifest = namespace(args.namespace, args.stack, args.identity)
            options = pulumi.ResourceOptions(
                parent=self, provider=provider, protect=args.protect, retain_on_delete=args.protect
            )
            before.append(register.register(args.namespace, manifest, options))
        # Who updates a stack later is not who made it.
        options = pulumi.ResourceOptions(
            parent=self, provider=provider, depends_on=before, ignore_changes=["metadata.annotations"]
        )
        manifest = identity_map(Metadata(args.stack, args.namespace, args.identity), maker())
        made = register.register("identity", manifest, options)
        self.name = made.metadata.apply(
            lambda metadata: require_namespace(args.cluster, args.namespace, args.stack, metadata.get("uid"))
        )
        self.register_outputs({"name": self.name})


def require_namespace(cluster: Cluster, namespace: str, stack: str, uid: str | None) -> str:
    """Return the name of the namespace if the cluster has the object there that the state knows.

    Args:
        cluster: the one that the settings name.
        namespace: the stack's.
        stack: name of the stack.
        uid: that of the object in the state; None in a preview of its creation.

    Raises:
        pulumi.RunError: if it does not: another cluster is named than the one that runs the stack, or the namespace was
            removed. An update would fail half way.
    """
    if uid is None:
        return namespace
    try:
        found = cluster.find(f"/api/v1/namespaces/{namespace}/configmaps/{IDENTITY}")
    except ClusterError as error:
        raise pulumi.RunError(str(error)) from error
    if found and found["metadata"]["uid"] == uid:
        return namespace
    raise pulumi.RunError(
        f"the stack's namespace {namespace} is not on the cluster of context {cluster.context} ({cluster.kubeconfig}):"
        f" set kubernetes.context to the one that has it, or if it was removed, `pulumi refresh --stack {stack}`"
    )
