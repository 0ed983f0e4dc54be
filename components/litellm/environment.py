"""The environment of a replica. Its secret part travels as a file."""

import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pulumi

from components.data import postgres, redis
from components.engine.workload import CONFIG_FOLDER, LOOPBACK, PROGRAMS_FOLDER, SECRETS_FOLDER
from components.litellm import capacity
from components.litellm.settings import LiteLLMSettings
from components.litellm.worker.hooks.body_memory import ROOM
from components.litellm.worker.start import METRICS_FOLDER_VARIABLE, METRICS_PORT_VARIABLE

ENVIRONMENT_FILE = "environment"
CA_FILE = "ca.pem"
"""The stack's own authorities, beside config.yaml."""
CA_BUNDLE = "/tmp/ca-bundle.pem"  # noqa: S108 - inside the container
"""Those and the public ones, put together at the start of a replica."""
UI_FOLDER = "/tmp/ui"  # noqa: S108 - inside the container
"""Where LiteLLM writes its UI for another root path: the root file system is read-only."""
METRICS_PORT = 4003
"""It asks for no key, so it is open on the private networks only."""

STARTUP_HOOKS = "LITELLM_WORKER_STARTUP_HOOKS"
"""Variable that names what each worker runs before it serves."""

WORKER = Path(__file__).parent / "worker"
"""Programs of this project that run in replicas."""
HOOKS = WORKER / "hooks"
"""What workers run before they serve."""
REDIS_LOG = HOOKS / "redis_log.py"
BODY_MEMORY, GARBAGE_COLLECTION = HOOKS / "body_memory.py", HOOKS / "garbage_collection.py"
MODEL_LOOKUP, MODEL_PRICES = HOOKS / "model_lookup.py", HOOKS / "model_prices.py"
SAVED_SPEND = HOOKS / "saved_spend.py"
"""Run in each worker."""
WORKER_LOG, WORKER_END = HOOKS / "worker_log.py", HOOKS / "worker_end.py"
"""Run in each worker of a replica that has several."""
PGBOUNCER = HOOKS / "pgbouncer.py"
"""Runs in each worker of a replica whose Postgres somebody else runs: a PgBouncer may stand before it."""
PROVIDER_FAILURES, RATE_LIMIT_METRICS = HOOKS / "provider_failures.py", HOOKS / "rate_limit_metrics.py"
WORKER_METRICS = HOOKS / "worker_metrics.py"
"""Run in each worker of a replica that Prometheus scrapes."""

COMMON_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108
    # The price list that came with the release: neither a start nor a price depends on a download.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MIGRATION_DIR": "/tmp/migrations",  # noqa: S108
    "LITELLM_NON_ROOT": "true",
    "XDG_CACHE_HOME": "/tmp/cache",  # noqa: S108
}
"""What LiteLLM needs to run without root on a read-only root file system. The migration runs with it too."""

METRICS_ENVIRONMENT = {
    METRICS_PORT_VARIABLE: str(METRICS_PORT),
    METRICS_FOLDER_VARIABLE: "/tmp/metrics",  # noqa: S108
}
"""Makes a replica serve the sum of its workers' metrics, from a process of its own."""

SECRET_NAMES = frozenset(
    {
        "DATABASE_URL",
        "DATABASE_URL_READ_REPLICA",
        "LITELLM_MASTER_KEY",
        "LITELLM_SALT_KEY",
        "REDIS_PASSWORD",
        "REDIS_SENTINEL_PASSWORD",
        "SLACK_WEBHOOK_URL",
        "UI_PASSWORD",
    }
)
"""Secret variables that the gateway sets itself."""


RESERVED = re.compile(
    r"PATH|SHELL|USER|ENV|IFS|BASH_ENV|LD_\w+|PYTHON\w+|NODE_OPTIONS|OPENSSL_CONF"
    r"|DATABASE_\w+|DIRECT_URL|IAM_TOKEN_DB_AUTH|(USE_)?PRISMA_\w+|REDIS_\w+"
    r"|CONFIG_FILE_PATH|LITELLM_CONFIG_BUCKET_\w+|STORE_MODEL_IN_DB|SEPARATE_HEALTH_\w+"
    r"|GUNICORN_CMD_ARGS|UVICORN_\w+|WEB_CONCURRENCY|PROMETHEUS_METRICS_PORT"
)
"""Variables that would break a replica, run what nobody reviewed, or lead it to another database or config.yaml."""


def environment(settings: LiteLLMSettings, *, metrics: bool = False) -> dict[str, str]:
    """Return the environment that is not secret."""
    recycling = {
        "MAX_REQUESTS_BEFORE_RESTART": settings.max_requests_before_restart,
        "MAX_REQUESTS_BEFORE_RESTART_JITTER": settings.max_requests_before_restart_jitter,
    }
    return {
        # Its own 500 for one host and 1000 for all would let a provider that hangs take the calls of all that share its
        # host, and then of all. What bounds calls is the number of requests.
        "AIOHTTP_CONNECTOR_LIMIT": str(capacity.MOST_REQUESTS),
        "AIOHTTP_CONNECTOR_LIMIT_PER_HOST": str(capacity.MOST_REQUESTS),
        "DISABLE_SCHEMA_UPDATE": "true",
        # Only the edge reaches a replica. It says who asks and whether over TLS: redirects depend on that.
        "FORWARDED_ALLOW_IPS": "*",
        ROOM: str(capacity.body_bytes(settings, metrics=metrics)),
        "GRACEFUL_SHUTDOWN_TIMEOUT": str(settings.stop_timeout),
        "KEEPALIVE_TIMEOUT": str(settings.keepalive_timeout),
        "LITELLM_LOG": settings.log_level.value,
        "LITELLM_MODE": "PRODUCTION",
        "NUM_WORKERS": str(settings.workers),
        **COMMON_ENVIRONMENT,
        # Only the router retries. OpenAI's client below it would make three calls of each of its embeddings.
        **({"DEFAULT_MAX_RETRIES": "0"} if settings.config.retry_policy else {}),
        **({} if settings.docs else dict.fromkeys(("NO_DOCS", "NO_REDOC", "NO_OPENAPI"), "True")),
        **({name: str(value) for name, value in recycling.items()} if settings.max_requests_before_restart else {}),
        **_outgoing(settings),
        **({"SERVER_ROOT_PATH": settings.root_path, "LITELLM_UI_PATH": UI_FOLDER} if settings.root_path else {}),
        **({"UI_USERNAME": settings.ui_username} if settings.ui_username != "admin" else {}),
        **settings.environment,
    }


def _outgoing(settings: LiteLLMSettings) -> dict[str, str]:
    """Return how calls leave the stack: through a proxy, and which authorities are trusted."""
    found: dict[str, str] = {}
    if settings.outgoing_proxy:
        inside = (postgres.ALIAS, redis.ALIAS, "provider", "localhost", LOOPBACK, *settings.no_proxy)
        found |= {
            "HTTP_PROXY": settings.outgoing_proxy,
            "HTTPS_PROXY": settings.outgoing_proxy,
            "NO_PROXY": ",".join(dict.fromkeys(inside)),
        }
    if settings.ca_certificates:
        found |= dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), CA_BUNDLE)
    return found


def environment_file(variables: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Return the secret part of the environment as a file that the shell loads."""
    return pulumi.Output.all(**variables).apply(
        lambda values: "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(values.items()))
    )


def entrypoint(*command: str, own_authorities: bool = False) -> tuple[str, ...]:
    """Return the entrypoint that loads the secret environment and becomes the command.

    With `own_authorities`, it puts them beside the public ones first.
    """
    bundle = f'cat "$(python3 -m certifi)" {CONFIG_FOLDER}/{CA_FILE} >{CA_BUNDLE} && ' if own_authorities else ""
    return ("sh", "-c", f"{bundle}. {SECRETS_FOLDER}/{ENVIRONMENT_FILE} && exec {shlex.join(command)}")


def startup_hooks(settings: LiteLLMSettings, *, metrics: bool, external_postgres: bool = False) -> list[Path]:
    """Return the programs that each worker runs before it serves."""
    return [
        REDIS_LOG,
        BODY_MEMORY,
        MODEL_LOOKUP,
        MODEL_PRICES,
        SAVED_SPEND,
        *([WORKER_LOG, WORKER_END] if settings.workers > 1 else []),
        *([PGBOUNCER] if external_postgres else []),
        *([PROVIDER_FAILURES, RATE_LIMIT_METRICS, WORKER_METRICS] if metrics else []),
        # Last: what the others load stays too.
        GARBAGE_COLLECTION,
    ]


def hook_environment(hooks: Sequence[Path]) -> dict[str, str]:
    """Return the environment by which each worker runs `start` of these files before it serves."""
    return {
        STARTUP_HOOKS: ",".join(f"{hook.stem}:start" for hook in hooks),
        "PYTHONPATH": PROGRAMS_FOLDER,
        # A worker that crashes writes where it was; otherwise the log says only that it is gone.
        "PYTHONFAULTHANDLER": "1",
    }


def is_reserved(name: str) -> bool:
    """Return whether a stack may not set a variable: the gateway does, or it would undo what the gateway does."""
    return bool(RESERVED.fullmatch(name)) or name in own_variables()


@cache
def own_variables() -> frozenset[str]:
    """Return the names of all variables that the gateway itself may set in a replica, secret or not."""
    most = environment(
        LiteLLMSettings(
            max_requests_before_restart=1,
            outgoing_proxy="http://proxy",
            ca_certificates="file",
            root_path="/path",
            ui_username="somebody",
        )
    )
    return SECRET_NAMES | most.keys() | METRICS_ENVIRONMENT.keys() | hook_environment([REDIS_LOG]).keys()
