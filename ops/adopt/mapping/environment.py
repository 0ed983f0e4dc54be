"""The variables of LiteLLM's environment that neither models nor config.yaml refer to."""

import re

from components.litellm.environment import is_reserved
from components.releases.secret_values import VARIABLE, literal_secrets
from ops.adopt.draft import Draft, Kind, Outcome
from ops.adopt.mapping.secret_values import variable_name
from ops.adopt.mapping.special_variables import SPECIAL
from ops.adopt.old.variables import Variable, Variables

SETTINGS = {
    "GRACEFUL_SHUTDOWN_TIMEOUT": "litellm.stop_timeout",
    "KEEPALIVE_TIMEOUT": "litellm.keepalive_timeout",
    "MAX_REQUESTS_BEFORE_RESTART": "litellm.max_requests_before_restart",
    "MAX_REQUESTS_BEFORE_RESTART_JITTER": "litellm.max_requests_before_restart_jitter",
    "NUM_WORKERS": "litellm.workers",
    "STORE_MODEL_IN_DB": "litellm.config.store_model_in_db",
    "UI_USERNAME": "litellm.ui_username",
}
"""Variable → the setting that has its value as it is."""

SECRETS = {"SLACK_WEBHOOK_URL": "slack_webhook_url", "UI_PASSWORD": "ui_password"}

OWN_POSTGRES = "the gateway has its own Postgres, with its own password"
OWN_REDIS = "the gateway has its own Redis, with its own password"
EDGE_HEALTH = "the edge answers health checks on edge.health_port, also while LiteLLM is busy"

BY_GATEWAY = {
    r"(DATABASE|POSTGRES|PG|DIRECT|IAM_TOKEN_DB)_?\w*": OWN_POSTGRES,
    r"REDIS_\w+": OWN_REDIS,
    r"SEPARATE_HEALTH_(APP|PORT)": EDGE_HEALTH,
    r"SUPERVISORD_\w+": "there is no supervisor; litellm.stop_timeout is the time to drain",
    r"(DISABLE_SCHEMA_UPDATE|USE_PRISMA_\w+|PRISMA_\w+)": "a job migrates the schema before replicas start",
    r"(LITELLM_(MODE|NON_ROOT|MIGRATION_DIR)|XDG_CACHE_HOME|HOME|NPM_CONFIG_CACHE)": "the gateway sets it",
    r"(PORT|HOST)": "edge.proxy_port and edge.address are where clients connect",
    r"CONFIG_FILE_PATH": "the gateway writes config.yaml",
    r"(FORWARDED_ALLOW_IPS|PROMETHEUS_\w+|DEFAULT_MAX_RETRIES|LITELLM_LOCAL_MODEL_COST_MAP)": "the gateway sets it",
    r"COMPOSE_\w+": "it is for Docker Compose alone",
}  # fmt: skip
"""Pattern of a variable's name → what the gateway does by itself."""


def map_environment(draft: Draft, variables: Variables) -> None:
    """Give each variable that is left a place in the draft."""
    for variable in variables.rest():
        _map(variable, draft, variables)


def _map(variable: Variable, draft: Draft, variables: Variables) -> None:
    name, value = variable.name, variable.value
    by_gateway = next((note for pattern, note in BY_GATEWAY.items() if re.fullmatch(pattern, name)), None)
    if by_gateway:
        variables.take(name, draft, Outcome(Kind.GATEWAY, note=by_gateway))
    elif not value:
        variables.take(name, draft, Outcome(Kind.NONE, note="is empty"))
    elif name in SPECIAL:
        SPECIAL[name](variable, draft, variables)
    elif name in SETTINGS:
        variables.set(name, draft, SETTINGS[name], _typed(value))
    elif name in SECRETS:
        variables.secret(name, draft, SECRETS[name])
    elif is_reserved(name):
        variables.take(name, draft, Outcome(Kind.NONE, note="the gateway sets it itself, and lets nobody change it"))
    elif not VARIABLE.fullmatch(name) and variable_name(name) in variables.found:
        variables.take(name, draft, Outcome(Kind.NONE, note=f"{variable_name(name)} has the same meaning"))
    else:
        _plain(variable, draft, variables)


def _plain(variable: Variable, draft: Draft, variables: Variables) -> None:
    name = variable.name if VARIABLE.fullmatch(variable.name) else variable_name(variable.name)
    if any(literal_secrets(variable.value, name, name)):
        variables.secret(variable.name, draft, f"secret_environment.{name}")
    else:
        variables.set(variable.name, draft, f"litellm.environment.{name}", variable.value)


def _typed(value: str) -> str | int | bool:
    """Return a number or a truth value as what it is."""
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    return int(value) if value.isdigit() else value
