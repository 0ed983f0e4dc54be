"""The stack's file as a whole: what stands in it where neither Pulumi nor the program would ever read it."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

import yaml

from components.settings.errors import printable

PULUMI_KEYS = frozenset({"config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"})
"""Keys at the top of `Pulumi.STACK.yaml` (https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/)."""
NEAR = 0.7
"""Likeness of two words of which one is the other, misspelt (https://docs.python.org/3/library/difflib.html)."""


def unread_keys(file: Path) -> Iterator[str]:
    """Return a sentence for each key at the top of a stack's file that Pulumi passes over; none without the file."""
    try:
        document = yaml.load(file.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts alone
    except (OSError, ValueError, yaml.YAMLError):
        return  # Pulumi has read its file; what it cannot read it refuses itself.
    if isinstance(document, dict):
        for key in document:
            if key not in PULUMI_KEYS:
                yield f"{printable(key)}: stands beside config: in {file.name}, where nobody reads it; indent it"


def misspelt_settings(config: Mapping[str, str], project: str) -> Iterator[str]:
    """Return a sentence for each setting whose project is this one's name, misspelt: the program would pass over it.

    Settings of other projects and of Pulumi's plugins may stand beside: an ESC environment brings them.
    """
    for key in config:
        prefix = key.partition(":")[0]
        if prefix != project and get_close_matches(prefix.lower(), [project], cutoff=NEAR):
            yield f"{printable(key)}: is read by nobody; settings begin with {project}:"
