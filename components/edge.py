"""The edge: HAProxy, the only container with host ports."""

from collections.abc import Sequence

import pulumi
import pulumi_docker as docker

from components.engines.docker import DockerEngine
from components.haproxy_config import HEALTH_PORT, PROXY_PORT, SLACK, EdgeSettings, configuration
from components.workload import CONFIG_FOLDER, HealthCheck, Network, Port, Replacement, Workload

ALIAS = "edge"
CONFIG_FILE = "haproxy.cfg"
READINESS = (
    f"exec 3<>/dev/tcp/127.0.0.1/{HEALTH_PORT};"
    r" printf 'GET /health/readiness HTTP/1.0\r\n\r\n' >&3; read -r line <&3; [[ $line == *' 200 '* ]]"
)
"""The image has no HTTP client; bash opens the connection."""


def ports(settings: EdgeSettings) -> tuple[Port, ...]:
    """Give the host ports of a stack; no other container publishes any."""
    return (
        Port(PROXY_PORT, settings.proxy_port, settings.address, "proxy_port"),
        Port(HEALTH_PORT, settings.health_port, settings.address, "health_port"),
    )


def workload(settings: EdgeSettings, image: str, request_timeout: int) -> Workload:
    """Describe the edge."""
    return Workload(
        name="edge",
        alias=ALIAS,
        image=image,
        user="99:99",
        networks=(Network.FRONT,),
        memory=settings.memory,
        cpu_shares=4096,
        command=("haproxy", "-W", "-db", "-f", f"{CONFIG_FOLDER}/{CONFIG_FILE}"),
        config={CONFIG_FILE: configuration(settings, request_timeout)},
        health=HealthCheck(command=("CMD", "bash", "-c", READINESS), interval=1, retries=5, deadline=60),
        stop_seconds=request_timeout + 2 * SLACK,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        ports=ports(settings),
    )


class Edge(pulumi.ComponentResource):
    """Routes requests to healthy replicas and answers health probes. No input of it depends on a replica's id."""

    container: docker.Container
    proxy_url: str
    health_url: str

    def __init__(
        self,
        settings: EdgeSettings,
        image: str,
        *,
        request_timeout: int,
        engine: DockerEngine,
        depends_on: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Publish the host ports once a replica can serve."""
        super().__init__("gateway:index:Edge", "edge", {}, opts)
        self.container = engine.run(workload(settings, image, request_timeout), self, depends_on)
        host = "127.0.0.1" if settings.address == "0.0.0.0" else settings.address  # noqa: S104
        self.proxy_url = f"http://{host}:{settings.proxy_port}"
        self.health_url = f"http://{host}:{settings.health_port}/health/liveliness"
        self.register_outputs({})
