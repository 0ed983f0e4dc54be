"""The gateway: settings → components → outputs."""

import signal

import pulumi

from components.data.backup import Backup
from components.data.postgres import Postgres, database_url
from components.data.redis import Redis
from components.edge import component as edge
from components.engine import preflight as host
from components.engine.docker import DockerEngine
from components.engine.labels import Labels
from components.engine.networks import Networks
from components.litellm import migration
from components.litellm.component import LiteLLM
from components.litellm.environment import environment_file, secret_variables
from components.mock_provider.component import Provider
from components.monitoring.component import Monitoring
from components.secrets import Secrets
from components.settings import cpuset as processors
from components.stack import settings, sizing

# When a resource fails Pulumi interrupts the program; its traceback would hide the cause.
signal.signal(signal.SIGINT, signal.SIG_DFL)

stack = settings.read()
labels = Labels(pulumi.get_project(), pulumi.get_stack())
machine = host.check(labels.stack, stack.ports, [stack.images.reference(name) for name in stack.image_names])
cpus = processors.selected(stack.litellm.cpu_set, machine.processors)
if crowded := sizing.crowded(stack.litellm, len(cpus)):
    pulumi.log.warn(crowded)
image = stack.images.reference

engine = DockerEngine(labels, Networks(labels), protect=stack.protect)
secrets = Secrets(protect=stack.protect, master_key_generation=stack.master_key_generation)
postgres = Postgres(stack.postgres, image("postgres"), secrets, engine, max_connections=sizing.max_connections(stack))
redis = [Redis(stack.redis, image("redis"), secrets, engine).container] if stack.redis.enabled else []
backup = Backup(
    stack.backup,
    image("postgres"),
    serves=image("litellm"),
    migration=migration.version(image("litellm")),
    attempt=machine.migration_attempt,
    stack=labels.stack,
    secrets=secrets,
    engine=engine,
    database=postgres.container,
)
migrated = migration.Migration(
    image("litellm"),
    database_url=database_url(secrets),
    attempt=machine.migration_attempt,
    dumped=backup.dumped,
    engine=engine,
    depends_on=[postgres.container],
).done
backup.run(migrated)
litellm = LiteLLM(
    stack.litellm,
    image("litellm"),
    config=stack.config_yaml,
    secret_environment=environment_file(secret_variables(secrets, stack.environment_secrets)),
    migrated=migrated,
    cpu_set=processors.docker_form(cpus) if stack.litellm.cpu_set else None,
    metrics=stack.monitoring.enabled,
    engine=engine,
    depends_on=redis,
)
gateway = edge.Edge(
    stack.edge,
    image("haproxy"),
    request_timeout=stack.litellm.config.request_timeout,
    certificate=stack.certificate,
    root_cgroup=machine.root_cgroup,
    engine=engine,
    depends_on=litellm.replicas,
)
if stack.mock_provider.enabled:
    Provider(stack.mock_provider, image("litellm"), engine)
if stack.monitoring.enabled:
    Monitoring(
        stack.monitoring,
        stack.monitoring_images,
        secrets,
        engine,
        stack=labels.stack,
        replicas=stack.litellm.replicas,
        depends_on=[postgres.container, *redis],
    )

pulumi.export("proxy_url", gateway.proxy_url)
pulumi.export("health_url", gateway.health_url)
pulumi.export("master_key", secrets.master_key)
