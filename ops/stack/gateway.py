"""A running gateway: its addresses, its master key, and whether its port really is this stack's."""

from dataclasses import dataclass, field

import httpx
from pulumi.automation import OutputMap

from components.models.model import CHAT
from components.stack.settings import Settings
from ops.errors import OperationError
from ops.stack.automation import not_up_error, open_own, settings_of
from ops.stack.engines.engine import stack_engine
from ops.stack.litellm_admin import bearer


@dataclass(frozen=True)
class Gateway:
    """How to reach a stack's gateway."""

    stack: str
    proxy_url: str
    health_url: str
    """Address of the liveness check."""
    master_key: str = field(repr=False)
    settings: Settings = field(repr=False)

    @classmethod
    def from_outputs(cls, stack: str, outputs: OutputMap, settings: Settings) -> "Gateway":
        """Return the gateway that a stack's outputs describe, at addresses that this machine reaches.

        Raises:
            OperationError: if the stack has no outputs: it is not deployed.
        """
        if "proxy_url" not in outputs:
            raise OperationError(not_up_error(stack))
        proxy_url, health_url, master_key = (
            str(outputs[name].value or "") for name in ("proxy_url", "health_url", "master_key")
        )
        urls = stack_engine(stack).reachable_urls({"proxy": proxy_url, "health": health_url})
        return cls(stack, urls["proxy"], urls["health"], master_key, settings)

    @property
    def host_header(self) -> dict[str, str]:
        """The Host header to send; empty if the edge serves every host name.

        What stands before the edge leads requests on by the name of the address.
        """
        host = httpx.URL(self.proxy_url).host
        return {"Host": host} if host in self.settings.edge.allowed_hosts else self.settings.edge.host_header

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every request to the proxy: the master key and the host."""
        return bearer(self.master_key) | self.host_header

    @property
    def chat_model(self) -> str | None:
        """The first chat model of the catalogue whose key is set or not needed; None if there is none."""
        missing = self.settings.missing_keys
        catalogue = self.settings.catalogue
        chat = (name for name, model in catalogue.items() if model.mode == CHAT and not model.is_wildcard)
        return next((name for name in chat if name not in missing), None)


def find_gateway(name: str) -> Gateway:
    """Return the gateway of a deployed stack.

    Raises:
        OperationError: if the stack is unknown or not deployed, its settings are wrong, or the engine has parts of
            another stack of this name.
    """
    stack = open_own(name)
    return Gateway.from_outputs(name, stack.outputs(), settings_of(stack))


def require_own_port(gateway: Gateway) -> None:
    """Check that the gateway's own stack answers at its address.

    Stacks may use one port, one after the other: the stack's key and load must not go to another one.

    Raises:
        OperationError: if it does not.
    """
    stack_engine(gateway.stack).require_own_port(gateway.proxy_url)
