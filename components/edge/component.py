"""The edge: HAProxy twice. The ingress holds the host ports and passes connections on; the edge does all the rest."""

from collections.abc import Sequence

import pulumi
import pulumi_docker as docker

from components.edge import ingress as ingress_config
from components.edge.haproxy import (
    CERTIFICATE_FILE,
    HEALTH_PORT,
    PROXY_PORT,
    SECURE_PORT,
    SLACK,
    configuration,
    longest_stop,
)
from components.edge.settings import EdgeSettings
from components.engine.docker import DockerEngine
from components.engine.workload import CONFIG_FOLDER, HealthCheck, Network, Port, Replacement, Workload

CONFIG_FILE = "haproxy.cfg"
COMMAND = ("haproxy", "-W", "-db", "-f", f"{CONFIG_FOLDER}/{CONFIG_FILE}")
READINESS = (
    f"exec 3<>/dev/tcp/127.0.0.1/{HEALTH_PORT};"
    r" printf 'GET /health/readiness HTTP/1.0\r\n\r\n' >&3; read -r line <&3; [[ $line == *' 200 '* ]]"
)
"""The image has no HTTP client; bash opens the connection."""
CPU_SHARES = 262_144
"""The most that Docker takes: a probe or a refusal is a tenth of a millisecond's work, and waits for no busy worker."""
HEALTH = HealthCheck(command=("CMD", "bash", "-c", READINESS), interval=1, retries=5, deadline=60)


def ports(settings: EdgeSettings) -> tuple[Port, ...]:
    """Give the host ports that lead to the gateway."""
    found = [
        Port(PROXY_PORT, settings.proxy_port, settings.address, "proxy_port"),
        Port(HEALTH_PORT, settings.health_port, settings.address, "health_port"),
    ]
    if settings.https_port:
        found.append(Port(SECURE_PORT, settings.https_port, settings.address, "https_port"))
    return tuple(found)


def ingress(settings: EdgeSettings, image: str, cgroup_parent: str | None = None) -> Workload:
    """Describe what holds the host ports. Only other ports or another image replace it."""
    return Workload(
        name="ingress",
        alias="ingress",
        image=image,
        user="99:99",
        networks=(Network.FRONT,),
        memory=settings.memory,
        cpu_shares=CPU_SHARES,
        cgroup_parent=cgroup_parent,
        command=COMMAND,
        config={CONFIG_FILE: ingress_config.configuration(settings)},
        health=HEALTH,
        stop_seconds=SLACK,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        ports=ports(settings),
    )


def workload(
    settings: EdgeSettings,
    image: str,
    request_timeout: int,
    certificate: pulumi.Input[str] | None = None,
    cgroup_parent: str | None = None,
) -> Workload:
    """Describe the edge. The certificate is a PEM text with its chain and private key."""
    return Workload(
        name="edge",
        alias="edge",
        image=image,
        user="99:99",
        networks=(Network.FRONT,),
        memory=settings.memory,
        cpu_shares=CPU_SHARES,
        cgroup_parent=cgroup_parent,
        command=COMMAND,
        config={CONFIG_FILE: configuration(settings, request_timeout)},
        secrets={CERTIFICATE_FILE: certificate} if certificate else {},
        health=HEALTH,
        stop_seconds=longest_stop(settings, request_timeout) + SLACK,
        replacement=Replacement.CREATE_BEFORE_DELETE,
    )


class Edge(pulumi.ComponentResource):
    """Routes requests to healthy replicas and answers health probes. No input of it depends on a replica's id."""

    proxy_url: str
    health_url: str

    def __init__(
        self,
        settings: EdgeSettings,
        image: str,
        *,
        request_timeout: int,
        certificate: pulumi.Input[str] | None,
        root_cgroup: str | None,
        engine: DockerEngine,
        depends_on: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Route once a replica can serve; the host ports open when there is an edge behind them."""
        super().__init__("gateway:index:Edge", "edge", {}, opts)
        parent = root_cgroup if settings.root_cgroup else None
        edge: docker.Container = engine.run(
            workload(settings, image, request_timeout, certificate, parent), self, depends_on
        )
        engine.run(ingress(settings, image, parent), self, [edge])
        host = "127.0.0.1" if settings.address == "0.0.0.0" else settings.address  # noqa: S104
        self.proxy_url = f"http://{host}:{settings.proxy_port}"
        self.health_url = f"http://{host}:{settings.health_port}/health/liveliness"
        self.register_outputs({})
