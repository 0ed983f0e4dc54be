"""LiteLLM itself validates every configuration of tests/configurations."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from components.images.settings import ImageSettings
from components.litellm.environment import environment
from components.litellm.validation import PROGRAM
from components.stack.settings import Settings
from tests.configurations.configuration import NAMES, Configuration, read, rendered

FOLDER = "/configurations"
TIMEOUT_SECONDS = 3600
LICENSED = Configuration(
    {"litellm": {"config_yaml": {"worker_registry": [{"name": "other", "url": "https://other.example.com"}]}}},
    {"own": {"model": "hosted_vllm/any", "api_base": "http://host.docker.internal:8000/v1"}},
    {},
)
"""What this project accepts and LiteLLM refuses without a licence."""


def guarded(kind: str) -> Configuration:
    """Return a configuration with a guardrail of this kind, which has no key."""
    entry = {"guardrail_name": "careful", "litellm_params": {"guardrail": kind, "mode": "pre_call"}}
    return Configuration({"litellm": {"config_yaml": {"guardrails": [entry]}}}, LICENSED.models, {})


REFUSED = {
    "licensed": (LICENSED, "worker_registry"),
    "guardrail-unknown": (guarded("presidioo"), "start without these guardrails, see above: careful"),
    "guardrail-without-key": (guarded("azure/prompt_shield"), "start without these guardrails, see above: careful"),
}
"""Name → a configuration that this project accepts and LiteLLM does not, and a part of the reason."""
GENERATED = {
    "DATABASE_URL": "postgresql://gateway:none@postgres:5432/gateway",
    "LITELLM_MASTER_KEY": "sk-generated-master-key",
    "LITELLM_SALT_KEY": "sk-generated-salt-key",
    "REDIS_PASSWORD": "generated",
}


def variables(stack: Settings) -> dict[str, str]:
    """Return the environment of a replica; its secrets as they stand in the configuration."""
    given = {**stack.provider_keys, **stack.secret_environment}
    secrets = {name: secret.get_secret_value() for name, secret in given.items()}
    return environment(stack.litellm) | GENERATED | secrets


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, dict[str, Any]]]:
    """What LiteLLM says of each configuration, in one container without a network."""
    with tempfile.TemporaryDirectory() as folder:
        configurations = {name: read(name) for name in NAMES} | {name: each for name, (each, _) in REFUSED.items()}
        for name, configuration in configurations.items():
            with tempfile.TemporaryDirectory() as written:
                stack = configuration.settings(Path(written))
                texts = rendered(stack) | {"environment.json": json.dumps(variables(stack))}
            for file, text in texts.items():
                path = Path(folder) / name / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o755)
        container = docker.from_env().containers.run(
            ImageSettings().reference("litellm"),
            entrypoint=["python3", "-c", Path(__file__).with_name("validate_each.py").read_text(), PROGRAM],
            environment={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": "/tmp"},  # noqa: S108
            working_dir=FOLDER,
            volumes={folder: {"bind": FOLDER, "mode": "ro"}},
            network_mode="none",
            detach=True,
        )
        try:
            container.wait(timeout=TIMEOUT_SECONDS)
            lines = container.logs(stdout=True, stderr=False).decode().splitlines()
            found = [json.loads(line) for line in lines if line.startswith('{"name"')]
            yield {result["name"]: result for result in found}
        finally:
            container.remove(force=True, v=True)


@pytest.mark.parametrize("name", NAMES)
def test_litellm_accepts_the_configuration(results: dict[str, dict[str, Any]], name: str) -> None:
    result = results[name]
    assert result["code"] == 0, result["output"]
    assert "config OK" in result["output"]


@pytest.mark.parametrize("name", REFUSED)
def test_litellm_refuses_the_configuration(results: dict[str, dict[str, Any]], name: str) -> None:
    assert results[name]["code"] == 1
    assert REFUSED[name][1] in results[name]["output"]
