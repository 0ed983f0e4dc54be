"""What the history shows of each version."""

import json
from io import StringIO

from rich.console import Console

from ops.history.listing import history_data, history_table
from ops.stack.version import number_versions
from tests.unit.ops.dumps import dump_at
from tests.unit.ops.entries import entry

OLD = {"gateway:edge": {"value": '{"memory": 256}', "secret": False}}
NEW = {"gateway:edge": {"value": '{"memory": 300}', "secret": False}}
NUMBERED = number_versions(
    [
        entry(minute=9, kind="refresh", result="failed", config=NEW),
        entry(
            minute=5,
            message="more memory\n\nBy: ann@host",
            config=NEW,
            environment={"git.head": "0123456789abcdef", "git.dirty": "true"},
        ),
        entry(minute=1, message="begin", config=OLD, environment={"git.head": "f" * 40, "git.dirty": "false"}),
    ]
)


def test_the_data_hold_each_version() -> None:
    first, second, third = history_data(NUMBERED, {2: dump_at(5.2)})
    assert (first["version"], first["message"], first["commit"], first["dump"]) == (1, "begin", "f" * 40, None)
    assert first["settings_changed"] == []
    assert (second["who"], second["message"], second["uncommitted_changes"]) == ("ann@host", "more memory", True)
    assert second["settings_changed"] == ["gateway:edge.memory 256 → 300"]
    assert second["dump"] == dump_at(5.2).name
    assert second["started"] == "2030-01-01T00:05:00+00:00"
    assert (third["kind"], third["result"], third["resources"]) == ("refresh", "failed", {"same": 36})
    json.dumps([first, second, third])


def test_each_version_is_one_row_of_the_table() -> None:
    written = StringIO()
    Console(file=written, width=250).print(history_table(NUMBERED, {2: dump_at(5.2)}))
    _, first, second, third = written.getvalue().splitlines()
    assert "ffffffffff " in first
    assert "0123456789+" in second
    for word in ("ann@host", "more memory", "succeeded", "gateway:edge.memory 256 → 300", dump_at(5.2).name):
        assert word in second
    assert "refresh" in third
    assert "failed" in third


def test_a_message_is_shown_letter_by_letter() -> None:
    message = "[wip] limit [/v1/key] calls :bug:"
    author = "\n\nBy: [ann]@host"
    written = StringIO()
    (version,) = number_versions([entry(message=message + author)])
    Console(file=written, width=250).print(history_table([version], {}))
    assert message in written.getvalue()
    assert "[ann]@host" in written.getvalue()
