"""The settings of the replicas."""

from enum import StrEnum

from pydantic import Field

from components.litellm.config_yaml import ConfigSettings
from components.settings.base import Section
from components.settings.cpuset import PATTERN


class LogLevel(StrEnum):
    """What LiteLLM logs: this and all that is worse."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LiteLLMSettings(Section):
    """The replicas of a stack, and what each of them is told."""

    replicas: int = Field(1, ge=1, le=16)
    """Containers that answer requests."""
    workers: int = Field(1, ge=1, le=64)
    """Worker processes in each replica; one a core (https://docs.litellm.ai/docs/proxy/prod)."""
    memory: int = Field(4096, ge=1024)
    """Memory limit of a replica, MiB; 4096 a worker (https://docs.litellm.ai/docs/proxy/prod)."""
    cpu_set: str | None = Field(None, pattern=PATTERN)
    """Processors of the host that replicas may use, e.g. 0-3; null: all. `1-` leaves the first to the edge, Postgres
    and Redis: where all others are busy, a health probe waits for none of them
    (https://docs.docker.com/engine/containers/resource_constraints/)."""
    log_level: LogLevel = LogLevel.ERROR
    """What LiteLLM logs (LITELLM_LOG). INFO writes a line or more for each request, which takes processor time
    (https://docs.litellm.ai/docs/proxy/prod)."""
    max_requests_before_restart: int | None = Field(None, ge=1)
    """Requests, health checks included, after which a worker is replaced, against leaks; null: never. Needs two
    workers: the only one would end the replica (https://docs.litellm.ai/docs/proxy/prod)."""
    max_requests_before_restart_jitter: int = Field(1000, ge=0)
    """At most so many requests later, by chance, so that workers are not replaced all at once
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    keepalive_timeout: int = Field(75, ge=5, le=3600)
    """Seconds an idle connection stays open; longer than the edge keeps it
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    docs: bool = False
    """Whether LiteLLM serves its interactive API documentation (NO_DOCS, NO_REDOC, NO_OPENAPI), which
    asks for no key (https://docs.litellm.ai/docs/proxy/config_settings)."""
    graceful_shutdown_timeout: int = Field(600, ge=0, le=3600)
    """Seconds for requests in flight to end after the stop signal (GRACEFUL_SHUTDOWN_TIMEOUT); at least
    `config.request_timeout`, or answers are cut (https://docs.litellm.ai/docs/proxy/config_settings)."""
    start_deadline: int = Field(180, ge=10, le=1800)
    """Seconds for a new replica to become healthy; after that the update fails and the old ones serve on."""
    config: ConfigSettings = ConfigSettings()
    """What goes into config.yaml."""
