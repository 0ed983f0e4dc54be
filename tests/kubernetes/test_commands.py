"""The verbs of `python -m ops` for a stack on a real cluster."""

import json
from typing import Any

from testbed.project import Project


def last_line(output: str) -> Any:
    """Return the JSON of the last line; before it is the progress."""
    return json.loads(output.splitlines()[-1])


def test_health_has_a_row_for_every_pod_and_all_are_healthy(gateway: Project) -> None:
    found = json.loads(gateway.must_ops("health", "--json"))
    assert [part for part in found["parts"] if part["state"] != "healthy"] == []
    parts = [part["part"] for part in found["parts"]]
    assert (parts.count("litellm"), parts.count("edge"), parts.count("postgres")) == (2, 2, 1)


def test_every_model_works(gateway: Project) -> None:
    found = last_line(gateway.must_ops("models", "--json"))
    assert found["enough"]
    assert found["working"] > 1


def test_load_is_answered_whole(gateway: Project) -> None:
    found = last_line(gateway.must_ops("load", "--requests", "40", "--concurrency", "8", "--json"))
    assert found["failures"] == {}


def test_preview_says_in_words_what_up_then_does_and_history_remembers(gateway: Project) -> None:
    before = gateway.config
    gateway.change("gateway:edge.queue_length", 70)
    preview = gateway.must_ops("preview")
    (edges,) = [line.split() for line in preview.splitlines() if line.startswith("  edge ")]
    assert " ".join(edges) == "edge replaced, the new one beside the old: haproxy.cfg"
    assert "requests at risk: none" in preview
    assert "answered" in gateway.must_ops("up", "--message", "a shorter queue")
    assert "nothing changes" in gateway.must_ops("preview")
    newest = json.loads(gateway.must_ops("history", "--json"))[-1]
    assert (newest["message"], newest["result"]) == ("a shorter queue", "succeeded")
    assert any("queue_length" in change for change in newest["settings_changed"])
    gateway.configure(before)
    gateway.must_ops("up")


def test_command_that_knows_docker_alone_says_what_to_do_instead(gateway: Project) -> None:
    for verb in ("drift", "backup"):
        result = gateway.ops(verb, gateway.stack)
        assert result.exit_code == 1
        assert result.output.startswith(
            f"error: {gateway.stack} runs on Kubernetes, and this command knows Docker alone; "
        )
