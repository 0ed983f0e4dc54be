"""Values of a model's file that have the right type, and with which LiteLLM starts and then fails at each request."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.releases.secret_values import REFERENCE, is_reference

URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#]", re.IGNORECASE)
WITHOUT_SCHEME = frozenset({"nvidia_riva"})
"""Providers whose address has none: gRPC."""
NEVER_NEGATIVE = re.compile(
    r"weight|rpm|tpm|timeout|stream_timeout|cooldown_time|num_retries|max_\w+|\w*cost_per_\w+", re.IGNORECASE
)


def param_mistakes(provider: str, params: Mapping[str, Any], path: str) -> Iterator[str]:
    """Return a sentence for each such parameter of a deployment."""
    base = params.get("api_base")
    if isinstance(base, str) and not (is_reference(base) or provider in WITHOUT_SCHEME or URL.match(base)):
        yield f"{path}api_base: should be a URL, such as https://example.com/v1"
    for name, value in params.items():
        if isinstance(value, str) and REFERENCE in value and not is_reference(value):
            yield f"{path}{name}: {REFERENCE}NAME should be the whole value; LiteLLM replaces no part of one"
        elif isinstance(value, int | float) and not math.isfinite(value):
            yield f"{path}{name}: should be a finite number"
        elif isinstance(value, int | float) and value < 0 and NEVER_NEGATIVE.fullmatch(str(name)):
            yield f"{path}{name}: should be at least 0, not {value!r}"


def weight_mistakes(weights: Sequence[Any]) -> Iterator[str]:
    """Return what is wrong with the weights of a model's deployments."""
    if weights and all(weight == 0 and weight is not False for weight in weights):
        yield "weight: should be more than 0 on one deployment"


def alias_mistakes(aliases: Sequence[str]) -> Iterator[str]:
    """Return a sentence for each alias that nobody can ask for."""
    for alias in aliases:
        if not alias or "*" in alias:
            yield f"aliases: {alias!r} should be one whole name; only a model's own name may hold *"
