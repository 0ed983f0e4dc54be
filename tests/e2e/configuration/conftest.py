"""A gateway with a configuration of its own: several deployments of a model, own Python, callbacks, own authorities."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from testbed.certificates import valid_now
from testbed.configuration import development
from testbed.gateway import running
from testbed.project import Project
from tests.e2e.configuration import own_python
from tests.e2e.configuration.receivers import LANGFUSE, OTLP

WEIGHTS = {"gpt-first": 5, "gpt-second": 3, "gpt-third": 2}
"""Provider's id of each deployment of `balanced` → its weight."""
TLS_HOST = "tls-provider"
CERTIFICATE = valid_now(TLS_HOST)
"""Of the provider behind TLS, with its key; it is its own authority."""
MODELS: dict[str, dict[str, Any]] = {
    "balanced": {
        "provider": "openai",
        "api_key": "os.environ/OPENAI_API_KEY",
        "deployments": [{"model": model, "weight": weight} for model, weight in WEIGHTS.items()],
        "aliases": ["gpt"],
    },
    "plain": {"provider": "anthropic", "model": "claude-test", "api_key": "os.environ/ANTHROPIC_API_KEY"},
}


def configuration() -> dict[str, Any]:
    """Return the stack's configuration."""
    config = development()
    config["gateway:model_folder"] = "models"
    config["gateway:litellm"] |= {
        "python_folder": "own",
        "ca_certificates": "own/ca.pem",
        "root_path": "/llm",
        "environment": {
            "LANGFUSE_HOST": f"http://{LANGFUSE.alias}:{LANGFUSE.port}",
            "LANGFUSE_PUBLIC_KEY": "pk-lf-test",
            "OTEL_ENDPOINT": f"http://{OTLP.alias}:{OTLP.port}/v1/traces",
            "OTEL_EXPORTER": "otlp_http",
        },
        "config_yaml": {
            "litellm_settings": {
                "success_callback": ["langfuse"],
                "callbacks": ["otel", "callbacks.marker"],
                "default_in_memory_ttl": 30,
            }
        },
        "config": config["gateway:litellm"].get("config", {})
        | {
            "drop_params": True,
            "cooldown_time": 30,
            # LiteLLM leaves a deployment out a moment after its failure; until then, a retry may ask it again.
            "allowed_fails_policy": {"internal_server": 1},
            "retry_policy": {"internal_server": 10},
        },
    }
    return config


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The gateway."""
    project = Project(tmp_path_factory.mktemp("configuration"), "configuration", configuration())
    models, own = project.folder / "models", project.folder / "own"
    models.mkdir()
    own.mkdir()
    for name, model in MODELS.items():
        (models / f"{name}.yaml").write_text(yaml.safe_dump(model))
    (own / "callbacks.py").write_text(own_python.CALLBACKS)
    (own / "ca.pem").write_text(CERTIFICATE.partition("-----BEGIN PRIVATE")[0])
    project.set_secret("gateway:secret_environment.LANGFUSE_SECRET_KEY", "sk-lf-test")
    with running(project):
        yield project
