"""The environment of a replica: what is open, and the secret part, which travels as a file."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
from pydantic import SecretStr

from components.data.postgres import database_url
from components.engine.workload import PROGRAMS_FOLDER, SECRETS_FOLDER
from components.litellm.settings import LiteLLMSettings
from components.secrets import Secrets

ENVIRONMENT_FILE = "environment"
METRICS_PORT = 4003
"""Without a key, hence on the private networks only."""
REPLICA = Path(__file__).parent / "worker"
"""Programs that run in replicas."""
WORKER_METRICS = REPLICA / "worker_metrics.py"
"""Runs in each worker of a replica that Prometheus asks."""
REDIS_LOG = REPLICA / "redis_log.py"
"""Runs in each worker."""
WORKER_LOG, WORKER_END = REPLICA / "worker_log.py", REPLICA / "worker_end.py"
"""Run in each worker of a replica that has several."""


def environment(settings: LiteLLMSettings) -> dict[str, str]:
    """Give the environment that is not secret."""
    recycling = {
        "MAX_REQUESTS_BEFORE_RESTART": settings.max_requests_before_restart,
        "MAX_REQUESTS_BEFORE_RESTART_JITTER": settings.max_requests_before_restart_jitter,
    }
    return {
        "DISABLE_SCHEMA_UPDATE": "true",
        # Reached through the edge alone, which says who asks and whether over TLS: redirects depend on that.
        "FORWARDED_ALLOW_IPS": "*",
        "GRACEFUL_SHUTDOWN_TIMEOUT": str(settings.graceful_shutdown_timeout),
        "KEEPALIVE_TIMEOUT": str(settings.keepalive_timeout),
        "LITELLM_LOG": settings.log_level.value,
        "LITELLM_MODE": "PRODUCTION",
        "NUM_WORKERS": str(settings.workers),
        **COMMON_ENVIRONMENT,
        # Retries are the router's alone: below it, OpenAI's client would make three calls of each of its embeddings.
        **({"DEFAULT_MAX_RETRIES": "0"} if settings.config.retry_policy else {}),
        **({} if settings.docs else dict.fromkeys(("NO_DOCS", "NO_REDOC", "NO_OPENAPI"), "True")),
        **({name: str(value) for name, value in recycling.items()} if settings.max_requests_before_restart else {}),
    }


COMMON_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108
    # The price list that came with the release: a start does not depend on a download, nor a price on the day.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MIGRATION_DIR": "/tmp/migrations",  # noqa: S108
    "LITELLM_NON_ROOT": "true",
    "XDG_CACHE_HOME": "/tmp/cache",  # noqa: S108
}
"""What LiteLLM needs to run without root on a read-only root file system; the migration runs with it too."""


def environment_file(variables: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Write the secret part of the environment as a file that the shell loads."""
    return pulumi.Output.all(**variables).apply(
        lambda values: "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(values.items()))
    )


def start(*command: str) -> tuple[str, ...]:
    """Give the entrypoint that loads the secret environment and becomes the command."""
    return ("sh", "-c", f". {SECRETS_FOLDER}/{ENVIRONMENT_FILE} && exec {shlex.join(command)}")


def secret_variables(secrets: Secrets, keys: Mapping[str, SecretStr]) -> dict[str, pulumi.Input[str]]:
    """Give the secret part of the environment: the stack's own secrets and the providers' keys."""
    return {
        "DATABASE_URL": database_url(secrets),
        "LITELLM_MASTER_KEY": secrets.master_key,
        "LITELLM_SALT_KEY": secrets.salt_key,
        "REDIS_PASSWORD": secrets.redis_password,
        **{name: pulumi.Output.secret(key.get_secret_value()) for name, key in keys.items()},
    }


METRICS_ENVIRONMENT = {
    "PROMETHEUS_METRICS_PORT": str(METRICS_PORT),
    "PROMETHEUS_MULTIPROC_DIR": "/tmp/metrics",  # noqa: S108
}
"""What makes a replica serve the sum of its workers' metrics, from a process of its own (200 MiB)."""


def hooks(settings: LiteLLMSettings, *, metrics: bool) -> list[Path]:
    """Give the programs that each worker runs before it serves."""
    return [
        REDIS_LOG,
        *([WORKER_LOG, WORKER_END] if settings.workers > 1 else []),
        *([WORKER_METRICS] if metrics else []),
    ]


def hook_environment(hooks: Sequence[Path]) -> dict[str, str]:
    """Give what makes each worker run `start` of these files before it serves."""
    return {
        "LITELLM_WORKER_STARTUP_HOOKS": ",".join(f"{hook.stem}:start" for hook in hooks),
        "PYTHONPATH": PROGRAMS_FOLDER,
    }


OWN_SECRETS = frozenset(
    {"DATABASE_URL", "LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "REDIS_PASSWORD", "SLACK_WEBHOOK_URL"}
)
"""Secret variables that no provider's key may be named like."""


def own_variables() -> frozenset[str]:
    """Give the names of all variables that the gateway itself may set in a replica, secret or not."""
    most = environment(LiteLLMSettings(max_requests_before_restart=1))
    return OWN_SECRETS | most.keys() | METRICS_ENVIRONMENT.keys() | hook_environment([REDIS_LOG]).keys()
