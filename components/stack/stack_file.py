"""The stack's file as a whole: what stands in it where neither Pulumi nor the program would ever read it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from components.settings.errors import printable

PULUMI_KEYS = frozenset({"config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"})
"""Keys at the top of `Pulumi.STACK.yaml` (https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/)."""
OTHER_PREFIXES = frozenset({"docker", "pulumi", "random"})
"""Before settings of Pulumi itself and of its plugins."""


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


def foreign_settings(config: Mapping[str, str], project: str) -> Iterator[str]:
    """Return a sentence for each setting of another project, which the program would pass over."""
    for key in config:
        prefix = key.partition(":")[0]
        if prefix != project and prefix not in OTHER_PREFIXES:
            yield f"{printable(key)}: is read by nobody; settings begin with {project}:"
