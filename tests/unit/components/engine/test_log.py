"""The log of a container, as a report shows it."""

import pytest

from components.engine.log import readable


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("plain text", ["plain text"]),
        ('{"message": "Traceback:\\n  line 1\\nImportError: no", "level": "ERROR"}',
         ["ERROR Traceback:", "  line 1", "ImportError: no"]),
        ('{"message": "up"}', ["up"]),
        ('{"message": 5}', ['{"message": 5}']),
        ('["message"]', ['["message"]']),
        ("{", ["{"]),
    ],
)  # fmt: skip
def test_json_line_is_its_message_with_the_traceback(line: str, lines: list[str]) -> None:
    assert list(readable(line)) == lines
