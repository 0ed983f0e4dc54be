"""Whose API serves a deployment, and the variable from which LiteLLM took that provider's key."""

from collections.abc import Mapping
from typing import Any

from components.models.model import KEYED
from components.releases.release import Release
from ops.adopt.mapping.models.names import inferred_provider
from ops.adopt.old.variables import Variables

KEY_VARIABLES = {"cohere": ("COHERE_API_KEY", "CO_API_KEY"), "gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY")}
"""Variables from which LiteLLM takes a provider's key; of all others PROVIDER_API_KEY."""


def provider_of(params: Mapping[str, Any], variables: Variables, release: Release) -> tuple[str | None, str, str]:
    """Return the provider, its own id of the model, and a note; no provider where none can be told."""
    model = str(variables.resolve(params["model"]))
    given = params.get("custom_llm_provider")
    first, slash, rest = model.partition("/")
    if slash and first in release.providers:
        return first, rest, ""
    if isinstance(given, str):
        return given, model, ""
    inferred = None if slash else inferred_provider(model)
    return inferred, model, f"provider {inferred}, as LiteLLM infers" if inferred else ""


def key_variable(provider: str, variables: Variables) -> str | None:
    """Return the variable that holds a provider's key, or has to; None where none is needed."""
    possible = KEY_VARIABLES.get(provider, (f"{provider.upper()}_API_KEY",))
    found = next((name for name in possible if variables.get(name)), None)
    return found or (possible[0] if provider in KEYED else None)
