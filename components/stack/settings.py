"""All settings of one stack: the keys of `stacks/Pulumi.STACK.yaml` after `gateway:`."""

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

import pulumi
from pydantic import Field, SecretStr, model_validator

from components.data import postgres, redis
from components.data.backup import BackupSettings
from components.data.postgres import PostgresSettings
from components.data.postgres_connection import PostgresConnection
from components.data.redis import RedisSettings
from components.data.redis_connection import RedisConnection
from components.edge import certificate
from components.edge.settings import EdgeSettings
from components.engine.engine import Engine, EngineKind
from components.engine.kubernetes.settings import AutoscalingSettings, KubernetesSettings
from components.engine.workload import Autoscaling
from components.images.advisories import version_of
from components.images.settings import ImageSettings
from components.images.source import ImageSource
from components.litellm import capacity
from components.litellm.config_yaml import ConfigContext
from components.litellm.environment import SECRET_NAMES, is_reserved
from components.litellm.settings import LiteLLMSettings
from components.mock_provider import routes
from components.mock_provider.component import MockProviderSettings
from components.models.catalog import CatalogueError, load_catalogue, missing_keys, selected
from components.models.model import Model
from components.models.model_list import aliases, fallback_lists, model_list
from components.monitoring.autoscaling import autoscaling, reachable
from components.monitoring.settings import MonitoringSettings
from components.releases.release import Release, release_for
from components.releases.secret_values import VARIABLE, is_reference
from components.settings.base import SettingsModel
from components.settings.certificates import read_certificates

PROJECT = Path(__file__).parents[2]
WEAK_KEYS = frozenset({"sk-1234"})

SECRET_SETTINGS = {
    "provider_keys": "--path 'gateway:provider_keys.NAME'",
    "secret_environment": "--path 'gateway:secret_environment.NAME'",
    "master_key": "gateway:master_key",
    "salt_key": "gateway:salt_key",
    "ui_password": "gateway:ui_password",
    "slack_webhook_url": "gateway:slack_webhook_url",
    "edge_certificate": "gateway:edge_certificate < FILE",
    "postgres_password": "gateway:postgres_password",
    "redis_password": "gateway:redis_password",
    "redis_sentinel_password": "gateway:redis_sentinel_password",
}
"""Settings that must be encrypted → the arguments of `pulumi config set --secret`."""


class Settings(SettingsModel):
    """All settings of one stack."""

    renamed: ClassVar[Mapping[str, str]] = {"keys": "provider_keys"}

    engine: EngineKind = EngineKind.DOCKER
    """What runs the stack: `docker`, the engine of this machine, or `kubernetes`, a cluster."""
    kubernetes: KubernetesSettings | None = None
    """The cluster that runs the stack, for `engine: kubernetes`."""
    production: bool = False
    """Whether others rely on the gateway. Sizes that are a warning elsewhere are then refused."""
    master_key_generation: int = Field(1, ge=1)
    """Number of the master key; another number generates a new key. `python -m ops rotate STACK` raises it."""
    master_key: SecretStr | None = None
    """A master key that exists already: generation 1 is this key. null: it is generated. Encrypted: `pulumi config set
    --secret gateway:master_key`."""
    salt_key: SecretStr | None = None
    """A salt key that exists already and has encrypted what LiteLLM stored, of any form; null: it is generated. It must
    never change. Encrypted: `pulumi config set --secret gateway:salt_key`."""
    protect: bool = False
    """Whether the salt key and the volumes refuse deletion and outlive the stack."""
    images: ImageSettings = ImageSettings()
    """The images that run."""
    postgres: PostgresSettings = PostgresSettings()
    """The database."""
    postgres_password: SecretStr | None = None
    """Password of `postgres.external`; an own Postgres has a generated one. Encrypted: `pulumi config set --secret
    gateway:postgres_password`."""
    backup: BackupSettings = BackupSettings()
    """Dumps of the database. One is made before each migration, whatever is set here."""
    redis: RedisSettings = RedisSettings()
    """The Redis."""
    redis_password: SecretStr | None = None
    """Password of `redis.external`; null if it has none. An own Redis has a generated one. Encrypted: `pulumi config
    set --secret gateway:redis_password`."""
    redis_sentinel_password: SecretStr | None = None
    """Password of the Sentinels of `redis.external`; null if they have none. Encrypted: `pulumi config set --secret
    gateway:redis_sentinel_password`."""
    litellm: LiteLLMSettings = LiteLLMSettings()
    """The replicas."""
    edge: EdgeSettings = EdgeSettings()
    """The edge and the ingress in front of it: where clients connect."""
    edge_certificate: SecretStr | None = None
    """Certificate of `edge.https_port`: PEM with its chain and its private key, encrypted: `pulumi config set --secret
    gateway:edge_certificate < FILE`. null: none, or that of `edge.acme`."""
    monitoring: MonitoringSettings = MonitoringSettings()
    """Prometheus, its exporters and alert rules, and Grafana."""
    mock_provider: MockProviderSettings = MockProviderSettings()
    """The stand-in for paid APIs."""
    slack_webhook_url: SecretStr | None = None
    """Where LiteLLM sends its alerts; null: it sends none. Encrypted: `pulumi config set --secret
    gateway:slack_webhook_url`."""
    models: tuple[str, ...] = Field(("*",), min_length=1)
    """Which models of `model_folder` the stack has: names or patterns, such as `gpt-*`."""
    model_folder: str = Field("stacks/models", min_length=1)
    """Folder of the catalogue of models, relative to the project. Stacks may share one."""
    provider_keys: Mapping[str, SecretStr] = Field(default_factory=dict)
    """Keys of the providers by name, such as OLLAMA_API_KEY; encrypted: `pulumi config set --secret --path
    'gateway:provider_keys.NAME'`."""
    secret_environment: Mapping[str, SecretStr] = Field(default_factory=dict)
    """More secret variables of LiteLLM's environment, by name, such as LANGFUSE_SECRET_KEY; encrypted: `pulumi config
    set --secret --path 'gateway:secret_environment.NAME'`."""
    ui_password: SecretStr | None = None
    """Password of the Admin UI; null: the master key. Encrypted: `pulumi config set --secret gateway:ui_password`."""

    @model_validator(mode="after")
    def _cluster_belongs_to_its_engine(self) -> Self:
        if self.engine is EngineKind.KUBERNETES and self.kubernetes is None:
            raise ValueError("kubernetes: is missing; it says which cluster runs the stack")
        if self.engine is not EngineKind.KUBERNETES and self.kubernetes is not None:
            raise ValueError("kubernetes: belongs to `engine: kubernetes`; set it, or remove the group")
        return self

    @model_validator(mode="after")
    def _certificate_is_usable(self) -> Self:
        acme = self.edge.acme.enabled
        if acme and self.edge_certificate:
            raise ValueError("edge_certificate: edge.acme.domains gets one by ACME; remove one of the two")
        if (self.edge.https_port is None) != (self.edge_certificate is None and not acme):
            missing = "edge.https_port" if self.edge.https_port is None else "edge_certificate"
            raise ValueError(f"{missing}: is missing; a TLS port and a certificate need each other")
        if self.edge_certificate and (fault := certificate.fault(self.edge_certificate.get_secret_value())):
            raise ValueError(f"edge_certificate: {fault}")
        return self

    @model_validator(mode="after")
    def _variables_have_names_of_their_own(self) -> Self:
        groups: dict[str, Collection[str]] = {
            "provider_keys": self.provider_keys.keys(),
            "secret_environment": self.secret_environment.keys(),
            "litellm.environment": self.litellm.environment.keys(),
        }
        seen: dict[str, str] = {}
        for group, names in groups.items():
            # A name of another form is not repeated: it may be a key put where its name belongs.
            if not all(VARIABLE.fullmatch(name) for name in names):
                raise ValueError(f"{group}: each name should match ^{VARIABLE.pattern}$, such as OLLAMA_API_KEY")
            for name in names:
                if is_reserved(name):
                    raise ValueError(f"{group}.{name}: is a variable of the gateway; choose another name")
                if name in seen:
                    raise ValueError(f"{group}.{name}: stands in {seen[name]} too; remove one of the two")
                seen[name] = group
        return self

    @model_validator(mode="after")
    def _given_keys_are_usable(self) -> Self:
        for name in ("master_key", "salt_key", "ui_password", "slack_webhook_url"):
            given = self.given(name)
            if given is not None and (not given.strip() or any(sign in given for sign in "\r\n\0")):
                raise ValueError(f"{name}: should be one line of text")
        if self.edge_certificate is not None and not self.edge_certificate.get_secret_value():
            raise ValueError("edge_certificate: is empty; remove it")
        for group in ("provider_keys", "secret_environment"):
            for name, secret in getattr(self, group).items():
                if fault := _unusable(secret.get_secret_value()):
                    raise ValueError(f"{group}.{name}: {fault}")
        if self.master_key and self.master_key.get_secret_value() in WEAK_KEYS:
            raise ValueError("master_key: is a well-known example; LiteLLM refuses to start with it")
        return self

    @model_validator(mode="after")
    def _passwords_belong_to_external_databases(self) -> Self:
        sentinels = self.redis.external is not None and bool(self.redis.external.sentinel_nodes)
        owners = {
            "postgres_password": ("postgres.external", self.postgres.external is not None),
            "redis_password": ("redis.external", self.redis.external is not None),
            "redis_sentinel_password": ("redis.external.sentinel_nodes", sentinels),
        }
        for name, (owner, present) in owners.items():
            password = self.given(name)
            if password is not None and not present:
                raise ValueError(f"{name}: is that of {owner}, which is not set; remove it")
            if password is not None and (not password or any(sign in password for sign in "\r\n\0")):
                raise ValueError(f"{name}: should be one line of text")
        if any(sign.isspace() for sign in self.given("postgres_password") or ""):
            # postgres_exporter 0.11 takes what follows a space for another parameter, and prints all of it.
            raise ValueError("postgres_password: should hold no space")
        if self.postgres.external and self.postgres_password is None:
            raise ValueError("postgres_password: is missing; `pulumi config set --secret gateway:postgres_password`")
        return self

    @property
    def reachable(self) -> int:
        """Requests in flight that one replica gets, whoever they are from."""
        return reachable(self.edge, self.replica_concurrency)

    @property
    def autoscaling_settings(self) -> AutoscalingSettings | None:
        """How the number of replicas follows the load; None when it is fixed."""
        return self.kubernetes.autoscaling if self.kubernetes else None

    @property
    def max_replicas(self) -> int:
        """Most replicas of LiteLLM that run, beside those that an update starts."""
        settings = self.autoscaling_settings
        return settings.max_replicas if settings else self.litellm.replicas

    def autoscaling(self, engine: Engine) -> Autoscaling | None:
        """Return how many replicas run; None when their number is fixed. `engine` knows the Prometheus."""
        settings = self.autoscaling_settings
        return autoscaling(settings, self.litellm.workers, self.reachable, engine) if settings else None

    @property
    def edges(self) -> int:
        """How many edges send to the replicas."""
        return self.kubernetes.edge_replicas if self.kubernetes else 1

    @property
    def public_url(self) -> str | None:
        """The URL by which an Ingress or a Gateway leads clients to the proxy; None: they ask its ports."""
        return self.kubernetes.public_url if self.kubernetes else None

    def given(self, name: str) -> str | None:
        """Return the text of an encrypted setting; None if it is not set."""
        secret: SecretStr | None = getattr(self, name)
        return None if secret is None else secret.get_secret_value()

    def database_connection(self, generated: pulumi.Input[str] = "") -> PostgresConnection:
        """Return how the database is reached; `generated` is the password of an own one.

        Raises:
            ValueError: one sentence, if a file of certificates cannot be used.
        """
        return postgres.connection(self.postgres, generated, self.given("postgres_password"))

    def redis_connection(self, generated: pulumi.Input[str] = "") -> RedisConnection:
        """Return how the Redis is reached that the stack has, or would have; `generated` is the password of an own one.

        Raises:
            ValueError: one sentence, if a file of certificates cannot be used.
        """
        passwords = self.given("redis_password"), self.given("redis_sentinel_password")
        return redis.connection(self.redis, generated, *passwords)

    @property
    def has_prometheus(self) -> bool:
        """Whether the stack runs a Prometheus of its own."""
        return self.monitoring.enabled and not (self.kubernetes and self.kubernetes.prometheus_operator)

    @property
    def has_grafana(self) -> bool:
        """Whether the stack has a Grafana, which shows what its own Prometheus read."""
        wanted, images = self.monitoring.grafana.enabled, self.images
        available = images.grafana is not None or images.effective_source is ImageSource.OFFICIAL
        return self.has_prometheus and (available if wanted is None else wanted)

    @cached_property
    def catalogue(self) -> dict[str, Model]:
        """The models of the stack, by name.

        Raises:
            pulumi.RunError: a line for each mistake in the catalogue.
        """
        try:
            return selected(load_catalogue(self.release, PROJECT / self.model_folder), self.models)
        except CatalogueError as error:
            raise pulumi.RunError(str(error)) from error

    @property
    def missing_keys(self) -> dict[str, str]:
        """Models that cannot answer, each with the name of the key it lacks; none with the mock provider."""
        return {} if self.mock_provider.enabled else missing_keys(self.catalogue, set(self.variables))

    @property
    def release(self) -> Release:
        """What the LiteLLM release of the stack's image knows."""
        return release_for(version_of(self.images.reference("litellm")))

    @property
    def variables(self) -> frozenset[str]:
        """Names of all variables of LiteLLM's environment to which config.yaml may refer."""
        names = (*self.provider_keys, *self.secret_environment, *self.litellm.environment)
        slack = {"SLACK_WEBHOOK_URL"} if self.slack_webhook_url else set()
        generated = SECRET_NAMES - {"SLACK_WEBHOOK_URL", "UI_PASSWORD"}
        return frozenset(names) | generated | slack

    @property
    def config_context(self) -> ConfigContext:
        """What LiteLLM's config.yaml needs of the rest of the stack."""
        return ConfigContext(
            model_list(self.catalogue, routes.route if self.mock_provider.enabled else None),
            fallback_lists(self.catalogue),
            aliases(self.catalogue),
            redis=self.redis_connection() if self.redis.enabled else None,
            slack=self.slack_webhook_url is not None,
            requests_of_a_worker=capacity.requests_of_a_worker(self.litellm, metrics=self.monitoring.enabled),
            metrics=self.monitoring.enabled,
            only_metrics=self.monitoring.litellm_metrics.names,
        )

    @property
    def replica_concurrency(self) -> int:
        """Maximum number of requests in flight at one replica."""
        given = self.edge.replica_concurrency
        metrics = self.monitoring.enabled
        return capacity.requests_of_a_replica(self.litellm, metrics=metrics) if given == "auto" else given

    @property
    def certificate(self) -> pulumi.Output[str] | None:
        """The edge's certificate."""
        return pulumi.Output.secret(self.edge_certificate.get_secret_value()) if self.edge_certificate else None

    @property
    def acme_authorities(self) -> str | None:
        """The certificates that the ACME server's directory is trusted by; None: the public ones.

        Raises:
            ValueError: when the file cannot be used.
        """
        path = self.edge.acme.ca_certificates
        return read_certificates("edge.acme.ca_certificates", path, PROJECT) if path else None

    @property
    def environment_secrets(self) -> dict[str, pulumi.Output[str]]:
        """The secret variables of LiteLLM's environment beside those that the stack generates."""
        webhook = {"SLACK_WEBHOOK_URL": self.slack_webhook_url} if self.slack_webhook_url else {}
        password = {"UI_PASSWORD": self.ui_password} if self.ui_password else {}
        secrets = {**self.provider_keys, **self.secret_environment, **webhook, **password}
        return {name: pulumi.Output.secret(secret.get_secret_value()) for name, secret in secrets.items()}


def _unusable(text: str) -> str | None:
    """Return why a variable of this value would not do what is meant; None if it would."""
    if not text.strip():
        return "is empty; give its value, or remove it"
    if "\0" in text:
        return "should be text, without the sign of value 0"
    if text != text.strip() and "\n" not in text.strip():
        return "should not begin or end with a space or a line break"
    return "is a reference; give the value itself" if is_reference(text) else None
