"""The two private networks of a stack."""

import pulumi
import pulumi_docker as docker

from components.engine.labels import STACK_LABEL, Labels
from components.engine.workload import Network


class Networks(pulumi.ComponentResource):
    """`data` for Postgres and Redis, without a way out of the host; `front` for the edge, replicas and providers."""

    def __init__(self, labels: Labels, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both networks; no container of the stack joins any other."""
        super().__init__("gateway:index:Networks", "networks", {}, opts)
        self._networks = {
            network: docker.Network(
                f"{network.value}-network",
                driver="bridge",
                internal=network is Network.DATA,
                labels=[docker.NetworkLabelArgs(label=STACK_LABEL, value=labels.stack)],
                opts=pulumi.ResourceOptions(parent=self),
            )
            for network in Network
        }
        self.register_outputs({})

    def name_of(self, network: Network) -> pulumi.Output[str]:
        """Give the network's name on the engine."""
        return self._networks[network].name
