"""The gateway: settings → components → outputs."""

import signal

import pulumi

from components.data.backup import DUMP, Backup, BackupArgs
from components.data.postgres import Postgres, PostgresArgs
from components.data.postgres_connection import Database
from components.data.redis import Redis, RedisArgs
from components.edge.client_ca import client_ca
from components.edge.component import Edge, EdgeArgs
from components.edge.haproxy import Replicas
from components.engine.labels import Labels
from components.identity import checked_identity, refuse_second_state
from components.litellm import migration, validation
from components.litellm.component import LiteLLM, LiteLLMArgs
from components.litellm.migration import Migration, MigrationArgs
from components.litellm.own_files import own_files
from components.mock_provider.component import MockProvider, MockProviderArgs
from components.monitoring.autoscaling import prometheus_clients
from components.monitoring.component import Monitoring, MonitoringArgs
from components.secrets import Secrets, SecretsArgs
from components.settings import cpuset
from components.stack import engine as engines
from components.stack import expected_load, external_check, part_sum, parts, sizing
from components.stack.read import read_stack

# When a resource fails Pulumi interrupts the program; its traceback would hide the cause.
signal.signal(signal.SIGINT, signal.SIG_DFL)

stack = read_stack()
labels = Labels(pulumi.get_project(), pulumi.get_stack())
images = {name: stack.images.reference(name) for name in parts.image_names(stack)}
host = engines.observe(stack, labels, images)
external_check.check(stack, labels.stack)
processors = cpuset.resolve(stack.litellm.cpuset, host.processors)
for warning in (
    sizing.too_few_processors(stack.litellm, len(processors)),
    expected_load.too_few_processors(stack, host.processors),
    part_sum.too_little_memory(stack, host.memory_mib),
):
    if warning:
        pulumi.log.warn(warning)

secrets = Secrets(
    "secrets",
    SecretsArgs(
        stack.protect,
        stack.master_key_generation,
        stack.given("master_key"),
        stack.given("salt_key"),
        before_first=refuse_second_state(labels.stack, host.objects),
    ),
)
identity = checked_identity(secrets.first, labels.stack, host.objects)
engine = engines.create(stack, labels, identity, secrets.salt_key)
database = Database(stack.database_connection(secrets.postgres_password))
if not database.connection.external:
    database = Postgres(
        "postgres",
        PostgresArgs(stack.postgres, images["postgres"], database.connection, sizing.max_connections(stack), engine),
    ).database
redis = stack.redis_connection(secrets.redis_password)
redis_server = (
    [Redis("redis", RedisArgs(stack.redis, images["redis"], secrets.redis_password, engine)).server]
    if stack.redis.own
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
        database=database,
        engine=engine,
    ),
)
migrated = Migration(
    "migration",
    MigrationArgs(
        images["litellm"],
        attempt=attempt,
        dumped=backup.dumped,
        database=database,
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
        files={**own_files(stack.litellm), **database.connection.client_files, **redis.files},
        secrets={
            **database.connection.client_environment,
            **redis.client_environment,
            "LITELLM_MASTER_KEY": secrets.master_key,
            "LITELLM_SALT_KEY": secrets.salt_key,
            **stack.environment_secrets,
        },
        migrated=migrated,
        attempt=host.attempt(validation.NAME),
        cpuset=cpuset.docker_form(processors) if stack.litellm.cpuset else None,
        engine=engine,
        autoscaling=stack.autoscaling(engine),
        scaled_before=host.scaled_before,
        external_postgres=database.connection.external,
        depends_on=redis_server,
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
            engine.name_service,
            stack.edges,
        ),
        certificate=stack.certificate,
        certbot_image=images.get("certbot"),
        acme_authorities=stack.acme_authorities,
        client_ca=client_ca(stack.edge),
        root_cgroup=host.root_cgroup,
        engine=engine,
        behind_ingress=not engine.balances,
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
            database=database.connection,
            redis=redis,
            engine=engine,
            behind_ingress=not engine.balances,
            clients=prometheus_clients(stack.autoscaling_settings),
            depends_on=[*database.depends_on, *redis_server],
        ),
    )

pulumi.export("proxy_url", edge.proxy_url)
pulumi.export("health_url", edge.health_url)
pulumi.export("master_key", secrets.master_key)
