"""Gateways as verbs find them, of the project's own stacks."""

import json

from components import settings
from components.settings import Settings
from ops.gateway import Gateway
from tests.unit.program import stack_config

KEY = "sk-not-to-be-seen"


def stack_settings(stack: str) -> Settings:
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in stack_config(stack).items()}
    return settings.parse(texts, "gateway")


def gateway_of(stack: str) -> Gateway:
    return Gateway(
        stack,
        proxy_url="http://127.0.0.1:4000",
        health_url="http://127.0.0.1:4001/health/liveliness",
        master_key=KEY,
        settings=stack_settings(stack),
    )
