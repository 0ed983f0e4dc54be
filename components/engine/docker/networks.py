"""The private networks of a stack."""

from contextlib import closing

import pulumi
import pulumi_docker as docker
from docker.errors import NotFound

from components.engine.connection.client import connect
from components.engine.connection.endpoint import Endpoint, find_endpoint
from components.engine.labels import Labels
from components.engine.workload import Network


class Networks(pulumi.ComponentResource):
    """The stack's private networks. No container of the stack joins any other."""

    names: dict[Network, pulumi.Output[str]]
    """Name of each network on the engine, which is known only if the engine has it. Everything waits for it."""

    def __init__(
        self,
        name: str,
        labels: Labels,
        identity: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create the networks."""
        super().__init__("gateway:index:Networks", name, {}, opts)
        self.names = {network: self._create(network, labels, identity) for network in Network}
        self.register_outputs({network.value: self.names[network] for network in Network})

    def _create(self, network: Network, labels: Labels, identity: pulumi.Input[str]) -> pulumi.Output[str]:
        created = docker.Network(
            f"{network.value}-network",
            driver="bridge",
            internal=network is Network.DATA,
            labels=[{"label": label, "value": value} for label, value in labels.of_identity(identity).items()],
            # Another label would replace the network, and with it every container.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["labels"]),
        )
        return pulumi.Output.all(created.id, created.name).apply(
            lambda known: require_network(str(known[0]), str(known[1]), labels.stack)
        )


def require_network(network_id: str, name: str, stack: str) -> str:
    """Return the name of a network that the engine has.

    An update of a stack on an engine that has nothing of it would fail half way.

    Raises:
        pulumi.RunError: if it has none of this id: another engine is named than the one that runs the stack, or the
            network was removed.
    """
    try:
        with closing(connect()) as engine:
            engine.networks.get(network_id)
    except NotFound as error:
        raise pulumi.RunError(absent(name, stack, find_endpoint())) from error
    return name


def absent(network: str, stack: str, endpoint: Endpoint) -> str:
    """Return the sentence for a network of the state that the engine does not have."""
    return (
        f"the stack's network {network} is not on the engine at {endpoint.host} ({endpoint.origin}): choose the one"
        f" that has it (`docker context use`), or if it was removed, `python -m ops recover {stack}`"
    )
