"""All settings of one stack: the keys of `stacks/Pulumi.STACK.yaml` after `gateway:`."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Self

import pulumi
from pydantic import Field, SecretStr, model_validator

from components.data.backup import BackupSettings
from components.data.postgres import PostgresSettings
from components.data.redis import RedisSettings
from components.edge import certificate
from components.edge.settings import EdgeSettings
from components.images.settings import ImageSettings
from components.images.source import ImageSource
from components.litellm.config_yaml import ConfigContext
from components.litellm.environment import own_variables
from components.litellm.settings import LiteLLMSettings
from components.mock_provider import routes
from components.mock_provider.component import MockProviderSettings
from components.models.catalog import CatalogueError, fallback_list, load_catalogue, missing_keys, model_list
from components.models.entry import CatalogueEntry
from components.monitoring.settings import MonitoringSettings
from components.settings.base import SettingsModel

KEY_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
"""Form of an environment variable's name, by which LiteLLM finds a provider's key."""

SECRET_SETTINGS = {
    "provider_keys": "--path 'gateway:provider_keys.NAME'",
    "slack_webhook_url": "gateway:slack_webhook_url",
    "edge_certificate": "gateway:edge_certificate < FILE",
}
"""Settings that must be encrypted → the arguments of `pulumi config set --secret`."""


class Settings(SettingsModel):
    """All settings of one stack."""

    renamed: ClassVar[Mapping[str, str]] = {"keys": "provider_keys"}

    production: bool = False
    """Whether others rely on the gateway. Sizes that are a warning elsewhere are then refused."""
    master_key_generation: int = Field(1, ge=1)
    """Number of the master key; another number generates a new key. `python -m ops rotate STACK` raises it."""
    protect: bool = False
    """Whether the salt key and the volumes refuse deletion and outlive the stack."""
    images: ImageSettings = ImageSettings()
    """The images that run."""
    postgres: PostgresSettings = PostgresSettings()
    """The database."""
    backup: BackupSettings = BackupSettings()
    """Dumps of the database. One is made before each migration, whatever is set here."""
    redis: RedisSettings = RedisSettings()
    """The Redis."""
    litellm: LiteLLMSettings = LiteLLMSettings()
    """The replicas."""
    edge: EdgeSettings = EdgeSettings()
    """The edge and the ingress in front of it: where clients connect."""
    edge_certificate: SecretStr | None = None
    """Certificate of `edge.https_port`: PEM with its chain and its private key, encrypted: `pulumi config set --secret
    gateway:edge_certificate < FILE`."""
    monitoring: MonitoringSettings = MonitoringSettings()
    """Prometheus, its exporters and alert rules, and Grafana."""
    mock_provider: MockProviderSettings = MockProviderSettings()
    """The stand-in for paid APIs."""
    slack_webhook_url: SecretStr | None = None
    """Where LiteLLM sends its alerts; null: it sends none. Encrypted: `pulumi config set --secret
    gateway:slack_webhook_url`."""
    provider_keys: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Keys of the providers by name, such as OLLAMA_API_KEY; encrypted: `pulumi config set --secret --path
    'gateway:provider_keys.NAME'`."""

    @model_validator(mode="after")
    def _certificate_is_usable(self) -> Self:
        if (self.edge.https_port is None) != (self.edge_certificate is None):
            missing = "edge.https_port" if self.edge.https_port is None else "edge_certificate"
            raise ValueError(f"{missing}: is missing; a TLS port and a certificate need each other")
        if self.edge_certificate and (fault := certificate.fault(self.edge_certificate.get_secret_value())):
            raise ValueError(f"edge_certificate: {fault}")
        return self

    @model_validator(mode="after")
    def _provider_keys_have_names_of_their_own(self) -> Self:
        # A name of another form is not repeated: it may be a key put where its name belongs.
        if not all(KEY_NAME.fullmatch(name) for name in self.provider_keys):
            raise ValueError(f"provider_keys: each name should match ^{KEY_NAME.pattern}$, such as OLLAMA_API_KEY")
        for name in self.provider_keys:
            if name in own_variables():
                raise ValueError(f"provider_keys.{name}: is a variable of the gateway; choose another name")
        return self

    @property
    def has_grafana(self) -> bool:
        """Whether the stack has a Grafana."""
        wanted, images = self.monitoring.grafana.enabled, self.images
        available = images.grafana is not None or images.effective_source is ImageSource.OFFICIAL
        return self.monitoring.enabled and (available if wanted is None else wanted)

    @cached_property
    def catalogue(self) -> dict[str, CatalogueEntry]:
        """The models of the stack, by name.

        Raises:
            pulumi.RunError: when an entry of the catalogue is wrong.
        """
        try:
            return load_catalogue()
        except CatalogueError as error:
            raise pulumi.RunError(str(error)) from error

    @property
    def missing_keys(self) -> dict[str, str]:
        """Models that cannot answer, each with the name of the key it lacks; none with the mock provider."""
        return {} if self.mock_provider.enabled else missing_keys(self.catalogue, set(self.provider_keys))

    @property
    def config_context(self) -> ConfigContext:
        """What LiteLLM's config.yaml needs of the rest of the stack."""
        return ConfigContext(
            model_list(self.catalogue, routes.route if self.mock_provider.enabled else None),
            fallback_list(self.catalogue),
            redis=self.redis.enabled,
            slack=self.slack_webhook_url is not None,
            metrics=self.monitoring.enabled,
        )

    @property
    def certificate(self) -> pulumi.Output[str] | None:
        """The edge's certificate."""
        return pulumi.Output.secret(self.edge_certificate.get_secret_value()) if self.edge_certificate else None

    @property
    def environment_secrets(self) -> dict[str, pulumi.Output[str]]:
        """The secret variables of LiteLLM's environment beside those that the stack generates."""
        webhook = {"SLACK_WEBHOOK_URL": self.slack_webhook_url} if self.slack_webhook_url else {}
        secrets = {**self.provider_keys, **webhook}
        return {name: pulumi.Output.secret(secret.get_secret_value()) for name, secret in secrets.items()}
