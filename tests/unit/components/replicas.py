"""Arguments of replicas for tests."""

from dataclasses import replace
from typing import cast

import pulumi

from components.litellm.component import LiteLLMArgs
from components.litellm.config_yaml import ConfigContext
from components.litellm.settings import LiteLLMSettings
from tests.unit.components.workloads import NO_ENGINE

ARGS = LiteLLMArgs(
    LiteLLMSettings(),
    "litellm:1.108.14",
    context=ConfigContext([]),
    files={},
    secrets={},
    migrated=cast("pulumi.Output[str]", "sha256:migrated"),
    attempt=0,
    cpuset=None,
    engine=NO_ENGINE,
)
METRICS = replace(ARGS.context, metrics=True)
"""The context of a stack that Prometheus scrapes."""
