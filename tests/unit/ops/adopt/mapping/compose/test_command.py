"""The command of the old container."""

from pathlib import Path

import pytest

from ops.adopt.draft import Draft
from ops.adopt.mapping.compose.command import map_command
from ops.adopt.old.compose import read_compose
from ops.adopt.old.variables import Variables
from ops.errors import OperationError


def test_a_quote_that_does_not_end_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text('services:\n  litellm:\n    image: litellm\n    command: --config "x\n')
    compose = read_compose(file, {})
    with pytest.raises(
        OperationError, match=r"^compose\.yaml line 4, services\.litellm\.command: no closing quotation$"
    ):
        map_command(compose, compose.litellm["command"], Draft("mine"), Variables())
