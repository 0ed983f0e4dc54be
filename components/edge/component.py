"""The edge: HAProxy. It does all but hold host ports, of which each belongs to one container: that does the ingress.

Where the engine itself leads clients to several edges there is no ingress.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.edge import haproxy, ingress
from components.edge.acme.component import AcmeArgs, acme_service
from components.edge.acme.haproxy import FOLDER, VOLUME
from components.edge.frontend import CERTIFICATE_FILE, CLIENT_CA_FILE, PROXY_PORT, REDIRECT_PORT, SECURE_PORT
from components.edge.haproxy import HEALTH_PORT, LIVELINESS_PATH, READINESS_PATH, TIMEOUT_MARGIN_SECONDS, Replicas
from components.edge.settings import CgroupParent, EdgeSettings
from components.engine.engine import Engine
from components.engine.workload import (
    CONFIG_FOLDER,
    HealthCheck,
    HttpGet,
    Network,
    Port,
    Probe,
    Replacement,
    Service,
    TcpSocket,
    Volume,
)

INGRESS = "ingress"
USER = "99:99"
CONFIG_FILE = "haproxy.cfg"
COMMAND = ("haproxy", "-W", "-db", "-f", f"{CONFIG_FOLDER}/{CONFIG_FILE}")
READINESS = (
    f"exec 3<>/dev/tcp/127.0.0.1/{HEALTH_PORT};"
    rf" printf 'GET {READINESS_PATH} HTTP/1.0\r\n\r\n' >&3; read -r line <&3; [[ $line == *' 200 '* ]]"
)
"""The image has no HTTP client; bash opens the connection."""
CPU_SHARES = 262_144
"""Docker's maximum. A probe or a refusal is a tenth of a millisecond's work and should not wait for a busy worker."""
LIVENESS = Probe(TcpSocket(HEALTH_PORT), timeout=5)
"""Whether HAProxy takes connections. That no replica can serve is no reason to restart it."""
HEALTH = HealthCheck(
    command=("CMD", "bash", "-c", READINESS),
    request=HttpGet(HEALTH_PORT, READINESS_PATH),
    interval=1,
    retries=5,
    deadline=60,
)


@dataclass(frozen=True)
class EdgeArgs:
    """What the edge needs."""

    settings: EdgeSettings
    image: str
    replicas: Replicas
    certificate: pulumi.Input[str] | None
    """PEM text with the chain and the private key; None: no TLS."""
    root_cgroup: str | None
    """Parent of a cgroup at the root of the host's; None where the host has none."""
    engine: Engine
    certbot_image: str | None = None
    """None: no ACME."""
    acme_authorities: str | None = None
    """Text of `edge.acme.ca_certificates`."""
    client_ca: str | None = None
    """PEM text of the authorities whose certificates clients need; None: they need none."""
    behind_ingress: bool = True
    """Whether an ingress stands before the edge."""
    depends_on: Sequence[pulumi.Resource] = ()

    @property
    def cgroup_parent(self) -> str | None:
        """Parent of the containers' cgroups; None: Docker's own."""
        return self.root_cgroup if self.settings.cgroup_parent is CgroupParent.ROOT else None


def ports(settings: EdgeSettings) -> tuple[Port, ...]:
    """Return the host ports that lead to the gateway."""
    found = [
        *(Port(PROXY_PORT, settings.proxy_port, address, "edge.proxy_port") for address in settings.plain_addresses),
        *(Port(HEALTH_PORT, settings.health_port, address, "edge.health_port") for address in settings.addresses),
    ]
    for internal, external, setting in (
        (SECURE_PORT, settings.https_port, "edge.https_port"),
        (REDIRECT_PORT, settings.redirect_port, "edge.redirect_port"),
    ):
        if external:
            found += [Port(internal, external, address, setting) for address in settings.addresses]
    return tuple(found)


def ingress_service(args: EdgeArgs) -> Service:
    """Describe the ingress. Only other ports or another image replace it."""
    return Service(
        name=INGRESS,
        alias=INGRESS,
        image=args.image,
        user=USER,
        networks=(Network.FRONT,),
        memory_mib=args.settings.memory_mib,
        cpu_shares=CPU_SHARES,
        cgroup_parent=args.cgroup_parent,
        command=COMMAND,
        config={CONFIG_FILE: ingress.configuration(args.settings)},
        health=HEALTH,
        stop_timeout=TIMEOUT_MARGIN_SECONDS,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        ports=ports(args.settings),
    )


def edge_service(args: EdgeArgs, name: str, volume: pulumi.Input[str] | None = None) -> Service:
    """Describe the edge. An update starts the new one beside the old.

    Args:
        args: what it needs.
        name: its name.
        volume: the one that ACME's certificate is in; None: no ACME.
    """
    client_ca = {CLIENT_CA_FILE: args.client_ca} if args.client_ca else {}
    return Service(
        name=name,
        alias=name,
        image=args.image,
        user=USER,
        networks=(Network.FRONT,),
        memory_mib=args.settings.memory_mib,
        cpu_shares=CPU_SHARES,
        cgroup_parent=args.cgroup_parent,
        command=COMMAND,
        config={
            CONFIG_FILE: haproxy.configuration(args.settings, args.replicas, behind_ingress=args.behind_ingress),
            **client_ca,
        },
        secrets={CERTIFICATE_FILE: args.certificate} if args.certificate else {},
        volumes=() if volume is None else (Volume(volume, FOLDER),),
        health=HEALTH,
        stop_timeout=haproxy.longest_stop(args.settings, args.replicas.request_timeout) + TIMEOUT_MARGIN_SECONDS,
        replacement=Replacement.CREATE_BEFORE_DELETE,
        ports=() if args.behind_ingress else ports(args.settings),
        liveness=None if args.behind_ingress else LIVENESS,
    )


class Edge(pulumi.ComponentResource):
    """Routes requests to healthy replicas and answers health probes. No input of it depends on a replica's id."""

    proxy_url: pulumi.Output[str]
    health_url: pulumi.Output[str]

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start the edge once a replica can serve, and the host ports once there is an edge behind them."""
        super().__init__("gateway:index:Edge", name, {}, opts)
        settings = args.settings
        volume = args.engine.create_volume(VOLUME, self) if args.certbot_image else None
        edge = edge_service(args, name, volume)
        if args.behind_ingress:
            started = args.engine.run(edge, self, args.depends_on)
            front: Sequence[pulumi.Resource] = [args.engine.run(ingress_service(args), self, [started])]
        else:
            front = args.engine.run_replicas(edge, args.replicas.edges, self, args.depends_on)
        if args.certbot_image and volume is not None:
            acme = AcmeArgs(settings.acme, args.certbot_image, USER, args.acme_authorities)
            # The server's questions pass the ingress and the edge. The volume gets its owner from the edge's image.
            args.engine.run(acme_service(acme, volume), self, front)
        self.proxy_url, self.health_url = _urls(settings, args.engine)
        self.register_outputs({"proxy_url": self.proxy_url, "health_url": self.health_url})


def _urls(settings: EdgeSettings, engine: Engine) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Return the URLs of the proxy and of the liveness check."""
    if public := engine.public_url:
        # Whoever is outside a cluster may reach nothing else.
        return pulumi.Output.from_input(public), pulumi.Output.from_input(f"{public}{LIVELINESS_PATH}")
    proxy, health = (engine.client_host(address) for address in (settings.plain_addresses[0], settings.addresses[0]))
    return (
        pulumi.Output.concat("http://", proxy, f":{settings.proxy_port}"),
        pulumi.Output.concat("http://", health, f":{settings.health_port}{LIVELINESS_PATH}"),
    )
