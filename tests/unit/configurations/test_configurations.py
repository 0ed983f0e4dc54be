"""Every configuration of tests/configurations is accepted and rendered."""

from pathlib import Path

import pytest
import yaml

from components.litellm.own_config import OWNED_SECTIONS
from components.releases.secret_values import references
from components.stack.checks.warnings import warnings
from tests.configurations.configuration import NAMES, read, rendered

LICENSED = {"worker_registry"}
"""Sections that LiteLLM refuses without a licence."""
PROVIDERS = {"anthropic", "azure", "bedrock", "vertex_ai", "openrouter", "groq", "hosted_vllm", "openai"}


def test_there_are_many() -> None:
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_configuration_is_accepted_and_rendered(name: str, tmp_path: Path) -> None:
    given = read(name)
    stack = given.settings(tmp_path)
    files = rendered(stack)
    config = yaml.safe_load(files["config.yaml"])
    assert stack.missing_keys == {}
    assert [warning for warning in warnings(stack) if "unchecked" not in warning] == []
    deployments = sum(len(model.get("deployments", [1])) for model in given.models.values())
    assert len(config["model_list"]) == deployments
    assert files.keys() == {"config.yaml", *given.python}
    for section, own in given.stack.get("litellm", {}).get("config_yaml", {}).items():
        if section != "unchecked":
            assert config[section] == own or config[section].keys() >= own.keys()


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_has_its_variable(name: str, tmp_path: Path) -> None:
    stack = read(name).settings(tmp_path)
    config = yaml.safe_load(rendered(stack)["config.yaml"])
    assert {variable for _, variable in references(config, "")} <= stack.variables


@pytest.mark.parametrize("name", NAMES)
def test_mock_provider_answers_for_every_model(name: str, tmp_path: Path) -> None:
    given = read(name)
    given.stack["mock_provider"] = {"enabled": True}
    config = yaml.safe_load(rendered(given.settings(tmp_path))["config.yaml"])
    assert {entry["litellm_params"]["api_key"] for entry in config["model_list"]} == {"mock"}


def test_every_section_of_the_release_is_covered(tmp_path: Path) -> None:
    given = {section for name in NAMES for section in read(name).stack.get("litellm", {}).get("config_yaml", {})}
    release = read(NAMES[0]).settings(tmp_path).release
    assert given - {"unchecked", "section_of_tomorrow"} == set(release.sections) - OWNED_SECTIONS.keys() - LICENSED


def test_usual_providers_are_covered(tmp_path: Path) -> None:
    stacks = [read(name).settings(tmp_path / name) for name in NAMES]
    found = {
        deployment.provider
        for stack in stacks
        for model in stack.catalogue.values()
        for deployment in model.deployments
    }
    assert found >= PROVIDERS
