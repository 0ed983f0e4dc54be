"""While a plan is applied, nothing is printed before the update itself begins: it may hold secrets."""

import json
from pathlib import Path
from typing import Any

from ops.update.apply import BufferedOutput


def written(*events: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(event)}\n" for event in events)


PREVIEWED = {"resourcePreEvent": {"metadata": {}, "planning": True}}
DONE: dict[str, Any] = {"resourcePreEvent": {"metadata": {}}}


def test_nothing_that_pulumi_prints_while_it_compares_is_shown(tmp_path: Path) -> None:
    printed: list[str] = []
    output = BufferedOutput(tmp_path / "events", printed.append)
    output.take("Previewing")
    (tmp_path / "events").write_text(written({"preludeEvent": {}}, PREVIEWED) + '{"resourcePre')
    output.take("litellm-secrets violates plan: DATABASE_URL=postgresql://litellm:hush@postgres")
    assert printed == []
    assert not output.update_has_begun()


def test_what_pulumi_prints_while_it_updates_is_shown(tmp_path: Path) -> None:
    printed: list[str] = []
    output = BufferedOutput(tmp_path / "events", printed.append)
    (tmp_path / "events").write_text(written({"preludeEvent": {}}, DONE))
    output.take("Updating")
    assert printed == ["Updating"]
