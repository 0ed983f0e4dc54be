"""How clients reach the stack's Redis, whoever runs it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.data.tls import Tls, TlsMode


@dataclass(frozen=True)
class RedisConnection:
    """A Redis of a stack, a Redis Cluster, or a Redis that Sentinels name."""

    nodes: Sequence[tuple[str, int]]
    """Host and port: of the one server, of nodes of the Cluster, or of the Sentinels."""
    password: pulumi.Input[str] | None = field(repr=False)
    external: bool = False
    """Whether somebody else runs it."""
    username: str | None = None
    tls: Tls | None = None
    """None: not asked for; the stack's own network."""
    cluster: bool = False
    service_name: str | None = None
    """Name of the master that Sentinels watch."""
    sentinel_password: pulumi.Input[str] | None = field(default=None, repr=False)

    @property
    def files(self) -> dict[str, str]:
        """Certificates for a client, as configuration files."""
        return self.tls.files if self.tls else {}

    @property
    def client_environment(self) -> dict[str, pulumi.Output[str]]:
        """The secret variables to which `client_parameters` refer."""
        passwords = {"REDIS_PASSWORD": self.password, "REDIS_SENTINEL_PASSWORD": self.sentinel_password}
        return {name: pulumi.Output.secret(each) for name, each in passwords.items() if each is not None}

    @property
    def client_parameters(self) -> dict[str, Any]:
        """What LiteLLM's `cache_params` say of it (https://docs.litellm.ai/docs/proxy/caching)."""
        return {
            **self._place(),
            **({"username": self.username} if self.username else {}),
            **({"password": "os.environ/REDIS_PASSWORD"} if self.password is not None else {}),
            **self.tls_parameters,
        }

    def _place(self) -> dict[str, Any]:
        if self.cluster:
            return {"redis_startup_nodes": [{"host": host, "port": port} for host, port in self.nodes]}
        if self.service_name:
            found = {"sentinel_nodes": [list(node) for node in self.nodes], "service_name": self.service_name}
            reference = "os.environ/REDIS_SENTINEL_PASSWORD"
            return found if self.sentinel_password is None else {**found, "sentinel_password": reference}
        ((host, port),) = self.nodes
        return {"host": host, "port": port}

    @property
    def tls_parameters(self) -> dict[str, Any]:
        """How redis-py asks for TLS."""
        if self.tls is None or self.tls.mode is TlsMode.DISABLE:
            return {}
        verified = self.tls.mode is TlsMode.VERIFY_FULL
        return {
            "ssl": True,
            "ssl_cert_reqs": "required" if verified else "none",
            "ssl_check_hostname": verified,
            **({"ssl_ca_certs": self.tls.ca_path} if self.tls.ca_path else {}),
        }
