"""Redis: what replicas and workers must know of each other (limits, budgets, routing, caches)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import pulumi
from pydantic import Field, model_validator

from components.data.external.settings import ExternalRedisSettings
from components.data.redis_connection import RedisConnection
from components.data.tls import Tls
from components.engine.engine import Engine
from components.engine.workload import (
    CONFIG_FOLDER,
    SECRETS_FOLDER,
    DataVolume,
    HealthCheck,
    Network,
    Replacement,
    Service,
    Volume,
)
from components.settings.base import SettingsModel

ALIAS = "redis"
VOLUME = DataVolume("redis-data", size_gib=4)
PORT = 6379
CPU_SHARES = 2048
CONFIG_FILE = "redis.conf"
PASSWORD_FILE = "password"  # noqa: S105 - a file's name
AUTHENTICATION_FILE = "authentication.conf"
AUTHENTICATED_PING = (
    f"{{ printf 'AUTH '; cat {SECRETS_FOLDER}/{PASSWORD_FILE}; printf '\\nPING\\n'; }} | redis-cli | grep -q PONG"
)
"""The password goes through a pipe: arguments and environment can be read from outside."""


class RedisSettings(SettingsModel):
    """The Redis."""

    renamed: ClassVar[Mapping[str, str]] = {"memory": "memory_mib", "stop_seconds": "stop_timeout"}

    enabled: bool = True
    """Whether the stack has a Redis. Without one there can be one worker only: each would count limits, budgets and
    cooldowns for itself (https://docs.litellm.ai/docs/proxy/redis_requirements)."""
    memory_mib: int = Field(512, ge=64)
    """Memory limit of the container. Three quarters of it are `maxmemory`; the rest is for the rewrite of the
    append-only file (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/)."""
    append_only: bool = True
    """Whether writes go to the append-only file, synced each second: a crash loses at most one second."""
    stop_timeout: int = Field(30, ge=5, le=300)
    """Time for a clean stop before the kill."""
    external: ExternalRedisSettings | None = None
    """A Redis that somebody else runs; null: the stack runs its own."""

    @property
    def own(self) -> bool:
        """Whether the stack runs a Redis."""
        return self.enabled and self.external is None

    @model_validator(mode="after")
    def _sizes_are_the_own_server_s(self) -> Self:
        allowed = {"external", "enabled"} if self.enabled else {"external"}
        if self.external and (others := self.model_fields_set - allowed):
            raise ValueError(f"{', '.join(sorted(others))} belongs to an own Redis; remove it, or external")
        return self


@dataclass(frozen=True)
class RedisArgs:
    """What a Redis server needs."""

    settings: RedisSettings
    image: str
    password: pulumi.Input[str]
    engine: Engine


def connection(
    settings: RedisSettings,
    generated: pulumi.Input[str] = "",
    given: str | None = None,
    sentinel_password: str | None = None,
) -> RedisConnection:
    """Return how the Redis is reached that a stack has, or would have.

    Args:
        settings: of an own Redis, or of one that somebody else runs.
        generated: the password of an own one.
        given: the password of the other kind; None: it has none.
        sentinel_password: the password of its Sentinels; None: they have none.

    Raises:
        ValueError: one sentence, if a file of certificates cannot be used.
    """
    if settings.external:
        return _external_connection(settings.external, given, sentinel_password)
    return RedisConnection([(ALIAS, PORT)], generated)


def _external_connection(
    settings: ExternalRedisSettings, password: str | None, sentinel_password: str | None
) -> RedisConnection:
    nodes = [(node.host, node.port) for node in settings.startup_nodes or settings.sentinel_nodes]
    return RedisConnection(
        nodes or [(settings.host or "", settings.port)],
        password,
        external=True,
        username=settings.username,
        tls=Tls.read(settings.tls, "redis.external.tls", f"{ALIAS}-ca.pem"),
        cluster=bool(settings.startup_nodes),
        service_name=settings.service_name,
        sentinel_password=sentinel_password,
    )


def redis_conf(settings: RedisSettings) -> str:
    """Return redis.conf. It holds no secret: the password stands in a file that it includes."""
    lines = {
        "bind": "*",
        "port": PORT,
        "dir": "/data",
        "appendonly": "yes" if settings.append_only else "no",
        "appendfsync": "everysec",
        # Counters and the spend queue are live state: a full Redis refuses writes instead of dropping some of it.
        "maxmemory-policy": "noeviction",
        "maxmemory": f"{settings.memory_mib * 3 // 4}mb",
        "include": f"{SECRETS_FOLDER}/{AUTHENTICATION_FILE}",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def service(args: RedisArgs, name: str, volume: pulumi.Input[str]) -> Service:
    """Describe the server: password and configuration by file."""
    password = args.password
    return Service(
        name=name,
        alias=name,
        image=args.image,
        user="999:999",
        networks=(Network.DATA,),
        memory_mib=args.settings.memory_mib,
        cpu_shares=CPU_SHARES,
        command=("redis-server", f"{CONFIG_FOLDER}/{CONFIG_FILE}"),
        config={CONFIG_FILE: redis_conf(args.settings)},
        secrets={
            PASSWORD_FILE: password,
            AUTHENTICATION_FILE: pulumi.Output.concat("requirepass ", password, "\n")
            if isinstance(password, pulumi.Output)
            else f"requirepass {password}\n",
        },
        volumes=(Volume(volume, "/data"),),
        health=HealthCheck(("CMD-SHELL", AUTHENTICATED_PING), interval=2, retries=5, deadline=60),
        stop_timeout=args.settings.stop_timeout,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        listens=(PORT,),
    )


class Redis(pulumi.ComponentResource):
    """One Redis server on a named volume."""

    server: pulumi.Resource
    volume: pulumi.Output[str]
    """Name of the data volume on the engine."""

    def __init__(self, name: str, args: RedisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start the server."""
        super().__init__("gateway:index:Redis", name, {}, opts)
        self.volume = args.engine.create_volume(VOLUME, self)
        self.server = args.engine.run(service(args, name, self.volume), self)
        self.register_outputs({"volume": self.volume})
