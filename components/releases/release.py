"""One LiteLLM release's names, from the data file that `python -m tools.litellm_release IMAGE` makes of its image."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

Types = Mapping[str, list[str]]
"""Name → the JSON types that its value may have; an empty list: any."""


@dataclass(frozen=True)
class Release:
    """What one release knows. Newer patches of the same minor version share it."""

    release: str
    """The release that was read, such as 1.108.7."""
    providers: list[str]
    """LiteLLM's names of all providers."""
    provider_keys: Mapping[str, list[str]]
    """Variables in which LiteLLM looks for a provider's key when a deployment gives none."""
    modes: list[str]
    """What models do: chat, embedding, …"""
    sections: list[str]
    """Top-level keys of config.yaml."""
    litellm_params: Types
    """Parameters of a deployment."""
    model_info: Types
    """What can be stated of a model, its prices among it."""
    litellm_settings: Types
    router_settings: Types
    general_settings: Types


@cache
def load(minor: str) -> Release:
    """Return a supported release by its minor version, such as 1.108."""
    return Release(**json.loads((FOLDER / f"{minor}.json").read_text()))


def supported() -> list[str]:
    """Return the minor versions of all supported releases, the oldest first."""
    return sorted((file.stem for file in FOLDER.glob("*.json")), key=lambda minor: [*map(int, minor.split("."))])


def release_for(version: tuple[int, int, int] | None) -> Release:
    """Return the release of a version: its own minor version, else the newest one before it, else the oldest.

    Args:
        version: the version in an image's tag; None when the tag has none: the newest release.
    """
    known = supported()
    if version is None:
        return load(known[-1])
    before = [minor for minor in known if tuple(map(int, minor.split("."))) <= version[:2]]
    return load(before[-1] if before else known[0])
