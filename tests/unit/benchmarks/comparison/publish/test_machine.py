"""A report names the versions that it was measured with."""

import re

import pytest

from benchmarks.comparison.publish.machine import module_version
from benchmarks.tools import Tool


@pytest.mark.parametrize("tool", [Tool.VEGETA, Tool.COMPOSE])
def test_a_tool_s_version_is_that_of_its_module(tool: Tool) -> None:
    assert re.fullmatch(r"v\d+\.\d+\.\d+", module_version(tool))
