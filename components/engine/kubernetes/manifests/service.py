"""Services: the names by which parts of a stack find each other, and where clients connect."""

from typing import Any

from components.engine.kubernetes.manifests.metadata import SKIP_AWAIT, Manifest, Metadata
from components.engine.kubernetes.settings import ServiceSettings, ServiceType
from components.engine.workload import Port, Service

CLIENTS = "gateway"
"""Name of the Service where clients connect."""


def headless(metadata: Metadata, service: Service) -> Manifest:
    """Return the Service whose name stands for every pod, or for those that its own check of discovery finds.

    Without one it also stands for pods that start or end, as Docker's alias does. Who asks checks each of them.
    """
    spec = {"type": "ClusterIP", "clusterIP": "None", "publishNotReadyAddresses": service.discovery is None}
    return _service(metadata, service, service.alias, spec)


def cluster_ip(metadata: Metadata, service: Service) -> Manifest:
    """Return the Service with an address of its own, which leads to the pods that are ready."""
    ports = [{"name": f"port-{port}", "port": port, "targetPort": port, "protocol": "TCP"} for port in service.listens]
    return _service(metadata, service, service.alias, {"type": "ClusterIP", "ports": ports})


def clients(metadata: Metadata, service: Service, settings: ServiceSettings) -> Manifest:
    """Return the Service where clients connect."""
    outside = settings.type is not ServiceType.CLUSTER_IP
    spec = {
        "type": settings.type.value,
        **({"externalTrafficPolicy": settings.external_traffic_policy.value} if outside else {}),
        **({"loadBalancerClass": settings.load_balancer_class} if settings.load_balancer_class else {}),
        **({"loadBalancerSourceRanges": list(settings.source_ranges)} if settings.source_ranges else {}),
        "ports": [_port(port, settings) for port in unique(service.ports)],
    }
    found = _service(metadata, service, CLIENTS, spec)
    annotations = dict(settings.annotations)
    if settings.type is not ServiceType.LOAD_BALANCER:
        annotations |= SKIP_AWAIT
    found["metadata"] = metadata.of(service.name, name=CLIENTS, annotations=annotations)
    return found


def unique(ports: tuple[Port, ...]) -> list[Port]:
    """Return each port once: a host may have it on several addresses, a Service has one."""
    return list({port.setting: port for port in ports}.values())


def port_name(port: Port) -> str:
    """Return the name of a client's port, such as `proxy`."""
    return port.setting.rpartition(".")[2].removesuffix("_port")


def _port(port: Port, settings: ServiceSettings) -> dict[str, Any]:
    name = port_name(port)
    fixed = {"nodePort": settings.node_ports[name]} if name in settings.node_ports else {}
    return {"name": name, "port": port.external, "targetPort": port.internal, "protocol": "TCP", **fixed}


def _service(metadata: Metadata, service: Service, name: str, spec: dict[str, Any]) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata.of(service.name, name=name, annotations=SKIP_AWAIT),
        "spec": {"selector": metadata.labels(service.name), **spec},
    }
