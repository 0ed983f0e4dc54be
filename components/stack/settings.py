"""One stack's settings: read once, typed, frozen; what no single component can check is checked here."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import pulumi
from pydantic import Field, SecretStr, ValidationError, model_validator

from components.data.backup import BackupSettings
from components.data.postgres import PostgresSettings
from components.data.redis import RedisSettings
from components.edge import certificate
from components.edge import component as edge
from components.edge.settings import EdgeSettings
from components.engine.workload import Port
from components.images.advisories import unsafe
from components.images.policy import POSTGRES_NUMBERS, unpinned
from components.images.settings import ImageSettings
from components.images.source import ImageSource
from components.litellm.config_yaml import Surroundings, text
from components.litellm.environment import own_variables
from components.litellm.settings import LiteLLMSettings
from components.mock_provider import component as provider
from components.mock_provider.component import MockProviderSettings
from components.models.catalog import (
    CatalogueEntry,
    CatalogueError,
    fallback_list,
    load_catalogue,
    missing_keys,
    model_list,
)
from components.monitoring import component as monitoring
from components.monitoring import grafana
from components.monitoring.component import Images as MonitoringImages
from components.monitoring.component import MonitoringSettings
from components.settings.base import Section
from components.settings.errors import sentences
from components.stack import sizing

KEY_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
"""Of an environment variable: LiteLLM finds a provider's key by it."""
CATALOGUE = Path(__file__).parents[2] / "stacks" / "models"


class Settings(Section):
    """All settings of one stack: the keys of `stacks/Pulumi.STACK.yaml` after `gateway:`."""

    production: bool = False
    """Whether others rely on the gateway: sizes that are a warning elsewhere are refused."""
    master_key_generation: int = Field(1, ge=1)
    """Which master key the replicas take: another number makes a new one. `python -m ops rotate STACK` raises it."""
    protect: bool = False
    """Whether the salt key and the volumes refuse deletion, and outlive the stack."""
    images: ImageSettings = ImageSettings()
    """Which images run."""
    postgres: PostgresSettings = PostgresSettings()
    """The database."""
    backup: BackupSettings = BackupSettings()
    """Dumps of the database. One is made before each migration, whatever is set here."""
    redis: RedisSettings = RedisSettings()
    """The Redis."""
    litellm: LiteLLMSettings = LiteLLMSettings()
    """The replicas."""
    edge: EdgeSettings = EdgeSettings()
    """The way in."""
    edge_certificate: SecretStr | None = None
    """Certificate of `edge.https_port`: PEM with its chain and its private key, encrypted: `pulumi config set --secret
    gateway:edge_certificate < FILE`."""
    monitoring: MonitoringSettings = MonitoringSettings()
    """What watches the stack."""
    mock_provider: MockProviderSettings = MockProviderSettings()
    """The stand-in for paid APIs."""
    slack_webhook_url: SecretStr | None = None
    """Where LiteLLM sends its alerts; null: none are made. Encrypted: `pulumi config set --secret
    gateway:slack_webhook_url`."""
    keys: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Providers' keys by name, e.g. OLLAMA_API_KEY; encrypted: `pulumi config set --secret --path
    'gateway:keys.NAME'`."""

    @model_validator(mode="after")
    def _images_may_run(self) -> Self:
        if self.grafana and not self.images.grafana and self.images.effective_source is ImageSource.BUILT:
            raise ValueError(
                "monitoring.grafana.enabled: no image of Grafana is built here; set images.grafana, or null"
            )
        for name in self.image_names:
            reference = self.images.reference(name)
            if fault := unpinned(reference, self.images.pinning, POSTGRES_NUMBERS if name == "postgres" else 3):
                raise ValueError(f"images.{name}: {fault}")
        if fault := unsafe(self.images.reference("litellm")):
            raise ValueError(f"images.litellm: {fault}")
        return self

    @model_validator(mode="after")
    def _certificate_is_usable(self) -> Self:
        if (self.edge.https_port is None) != (self.edge_certificate is None):
            lacking = "edge.https_port" if self.edge.https_port is None else "edge_certificate"
            raise ValueError(f"{lacking}: is missing; a TLS port and a certificate need one another")
        if self.edge_certificate and (fault := certificate.fault(self.edge_certificate.get_secret_value())):
            raise ValueError(f"edge_certificate: {fault}")
        return self

    @model_validator(mode="after")
    def _keys_have_names_of_their_own(self) -> Self:
        # A name of another form stays unsaid: it may be a key put where its name belongs.
        if not all(KEY_NAME.fullmatch(name) for name in self.keys):
            raise ValueError(f"keys: each name should match ^{KEY_NAME.pattern}$, such as OLLAMA_API_KEY")
        for name in self.keys:
            if name in own_variables():
                raise ValueError(f"keys.{name}: is the gateway's own variable; name the provider's key otherwise")
        return self

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        if refusals := sizing.check(self).refusals:
            raise ValueError("\n".join(refusals))
        return self

    @property
    def grafana(self) -> bool:
        """Whether the stack has a Grafana."""
        wanted, images = self.monitoring.grafana.enabled, self.images
        available = images.grafana is not None or images.effective_source is ImageSource.OFFICIAL
        return self.monitoring.enabled and (available if wanted is None else wanted)

    @property
    def image_names(self) -> list[str]:
        """The parts that run in the stack, as `images` names them."""
        parts = ["postgres", *(["redis"] if self.redis.enabled else []), "haproxy", "litellm"]
        if self.monitoring.enabled:
            parts += ["prometheus", "postgres_exporter", *(["redis_exporter"] if self.redis.enabled else [])]
        return [*parts, *(["grafana"] if self.grafana else [])]

    @property
    def monitoring_images(self) -> MonitoringImages:
        """References of what watches the stack."""
        return MonitoringImages(
            prometheus=self.images.reference("prometheus"),
            postgres_exporter=self.images.reference("postgres_exporter"),
            redis_exporter=self.images.reference("redis_exporter") if self.redis.enabled else None,
            grafana=self.images.reference("grafana") if self.grafana else None,
        )

    @property
    def ports(self) -> tuple[Port, ...]:
        """The host ports that the stack takes."""
        grafana_ports = grafana.ports(self.monitoring.grafana) if self.grafana else ()
        monitoring_ports = monitoring.ports(self.monitoring) if self.monitoring.enabled else ()
        return (*edge.ports(self.edge), *monitoring_ports, *grafana_ports)

    @property
    def catalogue(self) -> dict[str, CatalogueEntry]:
        """The models of the stack, by name.

        Raises:
            pulumi.RunError: when an entry of the catalogue is wrong.
        """
        try:
            return load_catalogue(CATALOGUE)
        except CatalogueError as error:
            raise pulumi.RunError(str(error)) from error

    @property
    def missing_keys(self) -> dict[str, str]:
        """Models that cannot answer, each with the name of the key it lacks; none with the mock provider."""
        return {} if self.mock_provider.enabled else missing_keys(self.catalogue, set(self.keys))

    @property
    def config_yaml(self) -> str:
        """LiteLLM's config.yaml; every model is served by the mock provider where that is enabled."""
        mock = provider.URL if self.mock_provider.enabled else None
        around = Surroundings(
            model_list(self.catalogue, mock),
            fallback_list(self.catalogue),
            redis=self.redis.enabled,
            slack=self.slack_webhook_url is not None,
            metrics=self.monitoring.enabled,
        )
        return text(self.litellm.config, around)

    @property
    def certificate(self) -> pulumi.Output[str] | None:
        """The edge's certificate."""
        return pulumi.Output.secret(self.edge_certificate.get_secret_value()) if self.edge_certificate else None

    @property
    def environment_secrets(self) -> dict[str, SecretStr]:
        """What LiteLLM's environment gets beside the stack's own secrets."""
        webhook = {"SLACK_WEBHOOK_URL": self.slack_webhook_url} if self.slack_webhook_url else {}
        return {**self.keys, **webhook}


def parse(config: Mapping[str, str], project: str) -> Settings:
    """Make settings of Pulumi's configuration: full keys (`gateway:edge`) to texts, JSON where structured.

    Raises:
        pulumi.RunError: one line for each setting that is wrong.
    """
    prefix = f"{project}:"
    values = {key.removeprefix(prefix): _value(text) for key, text in config.items() if key.startswith(prefix)}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise pulumi.RunError("\n".join(line.removeprefix(": ") for line in sentences(error, Settings))) from error


def read() -> Settings:
    """Read the settings of the stack that Pulumi runs the program for."""
    config: dict[str, str] = json.loads(os.environ.get("PULUMI_CONFIG", "{}"))
    secret_keys: list[str] = json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS", "[]"))
    project = pulumi.get_project()
    for setting, path in (
        ("keys", f"--path '{project}:keys.NAME'"),
        ("slack_webhook_url", f"{project}:slack_webhook_url"),
        ("edge_certificate", f"{project}:edge_certificate < FILE"),
    ):
        if f"{project}:{setting}" in config and f"{project}:{setting}" not in secret_keys:
            raise pulumi.RunError(f"{setting}: stands in clear; set it with `pulumi config set --secret {path}`")
    settings = parse(config, project)
    for model, key in settings.missing_keys.items():
        pulumi.log.warn(f"model {model} has no key: `pulumi config set --secret --path '{project}:keys.{key}'`")
    for warning in (*sizing.check(settings).warnings, *certificate_warnings(settings)):
        pulumi.log.warn(warning)
    return settings


def certificate_warnings(settings: Settings) -> list[str]:
    """Say what is to be done about the certificate soon."""
    pem = settings.edge_certificate
    found = certificate.warning(pem.get_secret_value()) if pem else None
    return [found] if found else []


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
