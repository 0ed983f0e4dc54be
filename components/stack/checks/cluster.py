"""What a cluster cannot do that a stack asks for."""

from components.monitoring import autoscaling
from components.stack.parts import volume_names
from components.stack.settings import Settings


def refusals(stack: Settings) -> list[str]:
    """Return what a cluster cannot do that the stack asks for."""
    if stack.kubernetes is None:
        return []
    host_s_own = ("address", "more_addresses", "plain_address", "cgroup_parent")
    found = [
        f"edge.{name}: belongs to a host that runs Docker; remove it"
        for name in host_s_own
        if name in stack.edge.model_fields_set
    ]
    if stack.litellm.cpuset:
        found.append("litellm.cpuset: belongs to a host that runs Docker; remove it")
    if stack.edge.acme.enabled:
        found.append(
            "edge.acme.domains: edges of a cluster share no volume; set edge_certificate, such as cert-manager's"
        )
    names = volume_names()
    if unknown := sorted(stack.kubernetes.volumes_gib.keys() - names):
        found.append(f"kubernetes.volumes_gib: has no volume {unknown[0]}; known are {', '.join(sorted(names))}")
    if scaling := stack.kubernetes.autoscaling:
        monitored, own = stack.monitoring.enabled, stack.has_prometheus
        found += autoscaling.refusals(
            scaling, stack.litellm.replicas, stack.reachable, monitored=monitored, own_prometheus=own
        )
    if stack.production and stack.kubernetes.kubeconfig is None:
        found.append("kubernetes.kubeconfig: is missing; in production it names the file")
    return [*found, *_routes(stack), *_prometheus_operator(stack)]


def _routes(stack: Settings) -> list[str]:
    """Return what an Ingress or a Gateway would lead past, and the host names that the edge would refuse."""
    hosts, cluster = stack.edge.allowed_hosts, stack.kubernetes
    if cluster is None:
        return []
    ways = [name for name in ("ingress", "gateway_route") if getattr(cluster, name)]
    if ways and stack.edge.client_ca:
        cure = "its clients would need no certificate; let the controller ask for one and remove edge.client_ca"
        return [f"kubernetes.{ways[0]}: leads to the edge's plain port, so {cure}"]
    if not hosts:
        return []
    named = [("kubernetes.ingress.host", cluster.ingress.host)] if cluster.ingress else []
    if cluster.gateway_route:
        named += [("kubernetes.gateway_route.hostnames", name) for name in cluster.gateway_route.hostnames]
    return [
        f"edge.allowed_hosts: lacks {name} of {setting}, whose requests would get 421; add it"
        for setting, name in named
        if not name.startswith("*.") and name not in hosts
    ]


def _prometheus_operator(stack: Settings) -> list[str]:
    """Return the settings of an own Prometheus that a stack without one has."""
    if stack.kubernetes is None or stack.kubernetes.prometheus_operator is None:
        return []
    if not stack.monitoring.enabled:
        return ["kubernetes.prometheus_operator: has nothing to read; set monitoring.enabled to true"]
    own = ("memory_mib", "port", "retention_days", "retention_gib")
    found = [
        f"monitoring.{name}: belongs to the stack's own Prometheus, which kubernetes.prometheus_operator replaces;"
        " remove it"
        for name in own
        if name in stack.monitoring.model_fields_set
    ]
    if stack.monitoring.grafana.enabled:
        found.append(
            "monitoring.grafana.enabled: shows what the stack's own Prometheus read, which"
            " kubernetes.prometheus_operator replaces; remove it"
        )
    return found
