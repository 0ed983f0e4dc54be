"""A copy of a state is whole, or it is none."""

from pathlib import Path

from ops.stack.backend.state_copy import is_json, read_copy


def test_a_state_without_an_update_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text('{"version": 3, "checkpoint": {"stack": "dev", "latest": null}}')
    assert read_copy(path) is not None
    assert not is_json(tmp_path / "gone")
