"""The three files of a deployment by Docker Compose, hardened as people do it: 18 models, keys, a salt key in hex."""

from pathlib import Path

import yaml

from testbed.mock_provider import MODELS

MASTER_KEY = "sk-old-master-key-6f0c2b7a"
SALT_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SECRETS = {
    "LITELLM_MASTER_KEY": MASTER_KEY,
    "LITELLM_SALT_KEY": SALT_KEY,
    "OLLAMA_API_KEY": "ollama-0123456789abcdef",
    "VOYAGE_API_KEY": "pa-0123456789abcdef0123",
    "COHERE_API_KEY": "co-0123456789abcdef0123",
    "GEMINI_API_KEY": "AIzaSyA0123456789abcdefghijklmnopqrst",
    "POSTGRES_PASSWORD": "old-postgres-password",
    "REDIS_PASSWORD": "old-redis-password",
}
REST = {
    "litellm_settings": {
        "request_timeout": 600,
        "json_logs": True,
        "set_verbose": False,
        "cache": True,
        "cache_params": {
            "type": "redis",
            "host": "os.environ/REDIS_HOST",
            "password": "os.environ/REDIS_PASSWORD",
            "supported_call_types": [],
        },
    },
    "router_settings": {
        "routing_strategy": "simple-shuffle",
        "redis_host": "os.environ/REDIS_HOST",
        "redis_password": "os.environ/REDIS_PASSWORD",
        "allowed_fails": 5,
        "cooldown_time": 60,
        "retry_policy": {
            "AuthenticationErrorRetries": 0,
            "TimeoutErrorRetries": 3,
            "RateLimitErrorRetries": 5,
            "ContentPolicyViolationErrorRetries": 0,
            "InternalServerErrorRetries": 3,
        },
        "allowed_fails_policy": {
            "BadRequestErrorAllowedFails": 1000,
            "AuthenticationErrorAllowedFails": 5,
            "TimeoutErrorAllowedFails": 20,
            "RateLimitErrorAllowedFails": 10000,
            "InternalServerErrorAllowedFails": 20,
        },
    },
    "general_settings": {
        "master_key": "os.environ/LITELLM_MASTER_KEY",
        "database_url": "os.environ/DATABASE_URL",
        "database_connection_pool_limit": 50,
        "redis_connection_pool_limit": 50,
        "proxy_batch_write_at": 60,
        "store_model_in_db": True,
        "alerting": ["slack"],
        "alerting_threshold": 1000,
    },
}
ENV = """\
# Logging
LITELLM_LOG=ERROR

# Health check app
SEPARATE_HEALTH_APP=1
SEPARATE_HEALTH_PORT=4001
SUPERVISORD_STOPWAITSECS=3600

# Worker recycling
MAX_REQUESTS_BEFORE_RESTART=10000

REDIS_HOST=redis
DATABASE_URL="postgresql://litellm:${POSTGRES_PASSWORD}@db:5432/litellm"
"""
COMPOSE = """\
services:
  litellm:
    image: ghcr.io/berriai/litellm:main-stable
    container_name: litellm-proxy
    command: ["--config", "/app/config.yaml", "--port", "4000"]
    ports:
      - "127.0.0.1:MAIN:4000"  # Main proxy
      - "127.0.0.1:CHECK:4001"  # Health check app
    env_file: .env
    environment:
      - SEPARATE_HEALTH_APP=1
      - SEPARATE_HEALTH_PORT=4001
      - SUPERVISORD_STOPWAITSECS=3600
      - MAX_REQUESTS_BEFORE_RESTART=10000
    volumes:
      - ./config.yaml:/app/config.yaml:ro
    depends_on:
      db: {condition: service_healthy}
      redis: {condition: service_started}
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:4001/health/liveliness"]
      timeout: 5s
    restart: unless-stopped
  db:
    image: postgres:16-alpine
    environment:
      POSTGRES_USER: litellm
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}
      POSTGRES_DB: litellm
    volumes: ["postgres:/var/lib/postgresql/data"]
    healthcheck: {test: ["CMD-SHELL", "pg_isready -U litellm"]}
  redis:
    image: redis:7-alpine
    command: redis-server --requirepass ${REDIS_PASSWORD} --appendonly yes
volumes:
  postgres:
"""


def write_files(folder: Path, proxy_port: int, health_port: int) -> dict[str, Path]:
    """Write the files; return them by the option that names each."""
    models = [
        {
            "model_name": name,
            "litellm_params": {"model": deployment.litellm_model, **deployment.params},
            "model_info": {"mode": model.mode},
        }
        for name, model in MODELS.items()
        for deployment in model.deployments
    ]
    fallbacks = [
        {name: list(model.fallbacks["fallbacks"])} for name, model in MODELS.items() if model.fallbacks["fallbacks"]
    ]
    router = {**REST["router_settings"], "fallbacks": fallbacks}
    texts = {
        "config.yaml": yaml.safe_dump({"model_list": models, **REST, "router_settings": router}, sort_keys=False),
        ".env": ENV + "".join(f"{name}={value}\n" for name, value in SECRETS.items()),
        "docker-compose.yml": COMPOSE.replace("MAIN:", f"{proxy_port}:").replace("CHECK:", f"{health_port}:"),
    }
    # Compose reads .env from the top: a value may refer to those before it.
    texts[".env"] = f"POSTGRES_PASSWORD={SECRETS['POSTGRES_PASSWORD']}\n{texts['.env']}"
    for name, text in texts.items():
        (folder / name).write_text(text)
    return {
        "--config": folder / "config.yaml",
        "--env": folder / ".env",
        "--compose": folder / "docker-compose.yml",
    }
