"""What the operator of a release of the chart gives, and the names that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Manifest = dict[str, Any]
"""An object, or a part of one, as Kubernetes' API has it."""

NAME = "litellm"
"""`nameOverride`, and the name of the container."""
COMPONENT = {"app.kubernetes.io/component": "proxy"}
"""Label of the Deployment's pods alone. The migration's have the others too."""


@dataclass(frozen=True)
class Database:
    """A database that is there already."""

    endpoint: str
    """Its host."""
    name: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Values:
    """One release."""

    release: str
    namespace: str
    image: str
    replicas: int
    node_port: int
    database: Database
    master_key: str = field(repr=False)
    proxy_config: Mapping[str, Any]
    """config.yaml without `general_settings.master_key`, which the chart's default has."""

    @property
    def fullname(self) -> str:
        """Name of the Deployment and of the Service."""
        return f"{self.release}-{NAME}"

    @property
    def config_map(self) -> str:
        """Name of the ConfigMap with config.yaml."""
        return f"{self.fullname}-config"

    @property
    def master_key_secret(self) -> str:
        """Name of the Secret with the master key."""
        return f"{self.fullname}-masterkey"

    @property
    def migration(self) -> str:
        """Name of the migration's Job."""
        return f"{self.fullname}-migrations"

    @property
    def selector(self) -> dict[str, str]:
        """Labels by which the Deployment and the Service select pods."""
        return {"app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": self.release}
