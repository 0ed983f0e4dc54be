"""Redis: what replicas and workers must know of each other (limits, budgets, routing, caches)."""

import pulumi
import pulumi_docker as docker
from pydantic import Field

from components.engine.docker import DockerEngine
from components.engine.workload import (
    CONFIG_FOLDER,
    SECRETS_FOLDER,
    HealthCheck,
    Network,
    Replacement,
    Volume,
    Workload,
)
from components.secrets import Secrets
from components.settings.base import Section

ALIAS = "redis"
PORT = 6379
CONFIG_FILE = "redis.conf"
PASSWORD_FILE = "password"  # noqa: S105 - a file's name
AUTHENTICATION_FILE = "authentication.conf"
AUTHENTICATED_PING = (
    f"{{ printf 'AUTH '; cat {SECRETS_FOLDER}/{PASSWORD_FILE}; printf '\\nPING\\n'; }} | redis-cli | grep -q PONG"
)
"""The password goes through a pipe: arguments and environment can be read from outside."""


class RedisSettings(Section):
    """The Redis of a stack."""

    enabled: bool = True
    """Whether the stack has a Redis. Without it there can be one worker only: limits, budgets and cooldowns would be
    counted by each for itself (https://docs.litellm.ai/docs/proxy/redis_requirements)."""
    memory: int = Field(512, ge=64)
    """Memory limit of the container, MiB. Three quarters of it are `maxmemory`; the rest is for the append-only
    file's rewrite (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/)."""
    append_only: bool = True
    """Whether writes go to the append-only file, synced each second: what a crash may lose is one second."""
    stop_seconds: int = Field(30, ge=5, le=300)
    """Seconds for a clean stop before the kill."""


def configuration(settings: RedisSettings) -> str:
    """Write redis.conf. It holds no secret: the password stands in a file that it includes."""
    lines = {
        "bind": "*",
        "port": PORT,
        "dir": "/data",
        "appendonly": "yes" if settings.append_only else "no",
        "appendfsync": "everysec",
        # Counters and the spend queue are live state: a full Redis says so instead of forgetting some of it.
        "maxmemory-policy": "noeviction",
        "maxmemory": f"{settings.memory * 3 // 4}mb",
        "include": f"{SECRETS_FOLDER}/{AUTHENTICATION_FILE}",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def workload(settings: RedisSettings, image: str, password: pulumi.Input[str], volume: pulumi.Input[str]) -> Workload:
    """Describe the server: password and configuration by file."""
    return Workload(
        name="redis",
        alias=ALIAS,
        image=image,
        user="999:999",
        networks=(Network.DATA,),
        memory=settings.memory,
        cpu_shares=2048,
        command=("redis-server", f"{CONFIG_FOLDER}/{CONFIG_FILE}"),
        config={CONFIG_FILE: configuration(settings)},
        secrets={
            PASSWORD_FILE: password,
            AUTHENTICATION_FILE: pulumi.Output.concat("requirepass ", password, "\n")
            if isinstance(password, pulumi.Output)
            else f"requirepass {password}\n",
        },
        volumes=(Volume(volume, "/data"),),
        health=HealthCheck(command=("CMD-SHELL", AUTHENTICATED_PING), interval=2, retries=5, deadline=60),
        stop_seconds=settings.stop_seconds,
        replacement=Replacement.DELETE_BEFORE_CREATE,
    )


class Redis(pulumi.ComponentResource):
    """One Redis server on a named volume."""

    container: docker.Container

    def __init__(
        self,
        settings: RedisSettings,
        image: str,
        secrets: Secrets,
        engine: DockerEngine,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start the server."""
        super().__init__("gateway:index:Redis", "redis", {}, opts)
        volume = engine.volume("redis-data", self)
        self.container = engine.run(workload(settings, image, secrets.redis_password, volume.name), self)
        self.register_outputs({})
