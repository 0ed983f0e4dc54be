"""The settings of the replicas."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from components.litellm.config_settings import ConfigSettings
from components.litellm.expected_load import ExpectedLoad
from components.litellm.own_config import ConfigYaml
from components.settings.base import SettingsModel
from components.settings.cpuset import PATTERN


class LogLevel(StrEnum):
    """Minimum severity that LiteLLM logs."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LiteLLMSettings(SettingsModel):
    """The replicas."""

    renamed: ClassVar[Mapping[str, str]] = {
        "cpu_set": "cpuset",
        "graceful_shutdown_timeout": "stop_timeout",
        "memory": "memory_mib",
        "start_deadline": "startup_timeout",
    }

    replicas: int = Field(1, ge=1, le=16)
    """Containers that answer requests."""
    workers: int = Field(1, ge=1, le=64)
    """Worker processes in each replica; one a core (https://docs.litellm.ai/docs/proxy/prod)."""
    memory_mib: int = Field(4096, ge=1024)
    """Memory limit of a replica; 4096 for each worker (https://docs.litellm.ai/docs/proxy/prod)."""
    cpuset: str | None = Field(None, pattern=PATTERN)
    """Processors of the host that replicas may use, such as 0-3; null: all. `1-` leaves the first to the edge, Postgres
    and Redis, so that a health probe never waits for busy replicas
    (https://docs.docker.com/engine/containers/resource_constraints/)."""
    log_level: LogLevel = LogLevel.ERROR
    """Minimum severity that LiteLLM logs (LITELLM_LOG). INFO writes a line or more for each request, which takes
    processor time (https://docs.litellm.ai/docs/proxy/prod)."""
    max_requests_before_restart: int | None = Field(None, ge=1)
    """Requests, health checks included, after which a worker is replaced, against memory leaks; null: never. Needs two
    workers, because the end of the only worker ends the replica (https://docs.litellm.ai/docs/proxy/prod)."""
    max_requests_before_restart_jitter: int = Field(1000, ge=0)
    """Maximum of the random number that is added to the limit, so that workers are not all replaced at once
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    keepalive_timeout: int = Field(75, ge=5, le=3600)
    """How long an idle connection stays open; longer than the edge keeps it
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    docs: bool = False
    """Whether LiteLLM serves its interactive API documentation (NO_DOCS, NO_REDOC, NO_OPENAPI), which
    needs no key (https://docs.litellm.ai/docs/proxy/config_settings)."""
    stop_timeout: int = Field(600, ge=0, le=3600)
    """Time for requests in flight to end after the stop signal (GRACEFUL_SHUTDOWN_TIMEOUT); at least
    `config.request_timeout`, or answers are cut (https://docs.litellm.ai/docs/proxy/config_settings)."""
    startup_timeout: int = Field(180, ge=10, le=1800)
    """Time for a new replica to become healthy. After that the update fails and the old replicas go on serving."""
    expected_load: ExpectedLoad | None = None
    """The load that the replicas must carry at the busiest time; null: not checked. A stack that is too small for it is
    refused in production and a warning elsewhere (docs/sizing.md)."""
    config: ConfigSettings = ConfigSettings()
    """What goes into config.yaml."""
    config_yaml: ConfigYaml = ConfigYaml()
    """Any other part of config.yaml, under LiteLLM's own names."""
    environment: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """More variables of LiteLLM's environment, by name. Secret ones go into `secret_environment`
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    python_folder: str | None = Field(None, min_length=1)
    """Folder with own Python for callbacks, guardrails, hooks and the like, relative to the project. Its files stand
    beside config.yaml, which refers to them as `FILE.NAME` (https://docs.litellm.ai/docs/proxy/call_hooks)."""
    ca_certificates: str | None = Field(None, min_length=1)
    """File with certificates of own authorities, PEM, relative to the project: providers behind them are trusted beside
    the public ones."""
    outgoing_proxy: str | None = Field(None, pattern=r"^https?://[^\s@]+$")
    """HTTP proxy for calls to providers, such as http://proxy.example.com:3128; null: none."""
    no_proxy: tuple[str, ...] = ()
    """Hosts that are reached without `outgoing_proxy`, beside the stack's own."""
    root_path: str | None = Field(None, pattern=r"^(/[A-Za-z0-9_.-]+)+$")
    """Path below which the gateway is served, such as /llm (SERVER_ROOT_PATH); null: at the root."""
    ui_username: str = Field("admin", min_length=1)
    """User of the Admin UI, whose password is `ui_password`."""
