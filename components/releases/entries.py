"""What each entry of a section of config.yaml needs, where LiteLLM would fail with it only once a request comes."""

from collections.abc import Iterator, Mapping
from typing import Any

NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "credential_list": (("credential_name",), ("credential_values",), ("credential_info",)),
    "guardrails": (("guardrail_name",), ("litellm_params", "guardrail"), ("litellm_params", "mode")),
}
"""Section that is a list → the keys that each of its entries needs, with their paths."""


def entry_mistakes(section: str, values: Any, path: str) -> Iterator[str]:
    """Return a sentence for each entry that lacks something; `path` is the section's."""
    if section == "mcp_servers":
        entries = values if isinstance(values, Mapping) else None
        if entries is None or not all(isinstance(entry, Mapping) for entry in entries.values()):
            yield f"{path}: should be servers by name, each with keys and values, such as url"
    elif section in NEEDED:
        if not isinstance(values, list):
            yield f"{path}: should be a list"
            return
        for number, entry in enumerate(values):
            for keys in NEEDED[section]:
                if _at(entry, keys) is None:
                    yield f"{path}[{number}].{'.'.join(keys)}: is required"


def _at(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
