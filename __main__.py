"""The gateway: settings → components → outputs."""

import signal

import pulumi

from components.data.backup import DUMP, Backup, BackupArgs
from components.data.postgres import Postgres, PostgresArgs
from components.data.redis import Redis, RedisArgs
from components.edge.client_ca import client_ca
from components.edge.component import Edge, EdgeArgs
from components.edge.haproxy import Replicas
from components.engine import preflight
from components.engine.docker import DockerEngine
from components.engine.labels import Labels
from components.litellm import migration, validation
from components.litellm.component import LiteLLM, LiteLLMArgs
from components.litellm.migration import Migration, MigrationArgs
from components.litellm.own_files import own_files
from components.mock_provider.component import MockProvider, MockProviderArgs
from components.monitoring.component import Monitoring, MonitoringArgs
from components.secrets import Secrets, SecretsArgs
from components.settings import cpuset
from components.stack import parts, sizing
from components.stack.read import read_stack

# When a resource fails Pulumi interrupts the program; its traceback would hide the cause.
signal.signal(signal.SIGINT, signal.SIG_DFL)

stack = read_stack()
labels = Labels(pulumi.get_project(), pulumi.get_stack())
images = {name: stack.images.reference(name) for name in parts.image_names(stack)}
host = preflight.check(labels.stack, parts.host_ports(stack), images.values(), parts.job_names())
processors = cpuset.resolve(stack.litellm.cpuset, host.processors)
if warning := sizing.too_few_processors(stack.litellm, len(processors)):
    pulumi.log.warn(warning)

engine = DockerEngine(labels, protect=stack.protect)
secrets = Secrets(
    "secrets",
    SecretsArgs(stack.protect, stack.master_key_generation, stack.given("master_key"), stack.given("salt_key")),
)
postgres = Postgres(
    "postgres",
    PostgresArgs(stack.postgres, images["postgres"], secrets.postgres_password, sizing.max_connections(stack), engine),
)
redis = (
    [Redis("redis", RedisArgs(stack.redis, images["redis"], secrets.redis_password, engine)).server]
    if stack.redis.enabled
    else []
)
# When the migration fails, the half-migrated schema is dumped too.
attempt = host.attempt(DUMP, migration.ALIAS)
backup = Backup(
    "backup",
    BackupArgs(
        stack.backup,
        images["postgres"],
        litellm_image=images["litellm"],
        migration_version=migration.version(images["litellm"]),
        attempt=attempt,
        stack=labels.stack,
        salt_key=secrets.salt_key,
        password=secrets.postgres_password,
        database=postgres.server,
        engine=engine,
    ),
)
migrated = Migration(
    "migration",
    MigrationArgs(
        images["litellm"],
        database_url=postgres.database_url,
        attempt=attempt,
        dumped=backup.dumped,
        database=postgres.server,
        engine=engine,
    ),
).migrated
backup.start_schedule(migrated)
litellm = LiteLLM(
    "litellm",
    LiteLLMArgs(
        stack.litellm,
        images["litellm"],
        context=stack.config_context,
        files=own_files(stack.litellm),
        secrets={
            **postgres.environment,
            "LITELLM_MASTER_KEY": secrets.master_key,
            "LITELLM_SALT_KEY": secrets.salt_key,
            "REDIS_PASSWORD": secrets.redis_password,
            **stack.environment_secrets,
        },
        migrated=migrated,
        attempt=host.attempt(validation.NAME),
        cpuset=cpuset.docker_form(processors) if stack.litellm.cpuset else None,
        engine=engine,
        depends_on=redis,
    ),
)
edge = Edge(
    "edge",
    EdgeArgs(
        stack.edge,
        images["haproxy"],
        Replicas(
            stack.litellm.config.request_timeout,
            stack.replica_concurrency,
            stack.litellm.replicas,
            stack.litellm.root_path or "",
        ),
        certificate=stack.certificate,
        certbot_image=images.get("certbot"),
        acme_authorities=stack.acme_authorities,
        client_ca=client_ca(stack.edge),
        root_cgroup=host.root_cgroup,
        engine=engine,
        depends_on=litellm.replicas,
    ),
)
if stack.mock_provider.enabled:
    MockProvider("provider", MockProviderArgs(stack.mock_provider, images["litellm"], engine))
if stack.monitoring.enabled:
    Monitoring(
        "monitoring",
        MonitoringArgs(
            stack.monitoring,
            images,
            stack=labels.stack,
            replicas=stack.litellm.replicas,
            tls_name=next(iter(stack.edge.acme.domains), None),
            postgres_password=secrets.postgres_password,
            redis_password=secrets.redis_password,
            engine=engine,
            depends_on=[postgres.server, *redis],
        ),
    )

pulumi.export("proxy_url", edge.proxy_url)
pulumi.export("health_url", edge.health_url)
pulumi.export("master_key", secrets.master_key)
