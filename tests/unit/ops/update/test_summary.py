"""A preview in words."""

from ops.update.operations import changes
from ops.update.summary import NO_CHANGE, explain
from tests.unit.ops.steps import IMAGE, SECRETS, UNKNOWN, beside, carrier, event, stopped

CONFIG = "/etc/gateway/config.yaml"
OLD_FILES, NEW_FILES = {"volumes": [{"fromContainer": "old"}]}, {"volumes": [{"fromContainer": UNKNOWN}]}


def test_nothing_to_do_is_said_so() -> None:
    assert explain([]) == NO_CHANGE


def test_a_changed_configuration_names_the_replicas_the_lines_and_no_risk() -> None:
    events = [
        *beside("litellm-config", carrier(CONFIG, "a: 60\n"), carrier(CONFIG, "a: 61\n"), "uploads"),
        *beside("litellm-1", OLD_FILES, NEW_FILES, "volumes"),
        event("create", "litellm-2", None, {}),
    ]
    assert explain(changes(events)).splitlines() == [
        "containers:",
        "  litellm-1  replaced, the new one beside the old: config.yaml",
        "  litellm-2  made",
        "",
        "/etc/gateway/config.yaml of litellm:",
        "  @@ -1 +1 @@",
        "  -a: 60",
        "  +a: 61",
        "",
        "migration: none runs",
        "",
        "requests at risk: none; what serves stops when the new one is healthy",
    ]


def test_a_database_that_restarts_is_a_risk_and_says_which() -> None:
    text = explain(changes(stopped("postgres", {"memory": 1}, {"memory": 2}, "memory")))
    assert "  postgres  stopped, then replaced: memory 1 → 2" in text
    assert "during the restart of postgres: requests whose key no replica has in its cache are refused" in text


def test_a_database_that_changes_in_place_is_none() -> None:
    text = explain(changes([event("update", "postgres", {"memory": 1}, {"memory": 2}, ("memory",))]))
    assert "requests at risk: none" in text


def test_what_watches_the_stack_may_stop_without_a_risk_and_what_is_unknown_may_not() -> None:
    assert "requests at risk: none" in explain(changes(stopped("prometheus", {}, {}, "command")))
    assert "during the restart of newcomer" in explain(changes(stopped("newcomer", {}, {}, "command")))


def test_another_image_runs_a_migration() -> None:
    events = [
        *beside("litellm-image", {"name": "litellm:1"}, {"name": "litellm:2"}, "name"),
        *beside("migration", {"image": "sha256:1"}, {"image": UNKNOWN}, "image"),
    ]
    named = [event("replace", "litellm-image", {"name": "litellm:1"}, {"name": "litellm:2"}, ("name",), kind=IMAGE)]
    text = explain(changes([*named, *events[3:]]))
    assert "migration: runs before any replica" in text
    assert "beside them:\n  litellm-image  replaced, the new one beside the old: name litellm:1 → litellm:2" in text


def test_a_changed_secret_is_named_without_its_value() -> None:
    events = [
        *beside(
            "litellm-secrets", {"start": False, "uploads": SECRETS}, {"start": False, "uploads": SECRETS}, "uploads"
        ),
        *beside("litellm-1", OLD_FILES, NEW_FILES, "volumes"),
    ]
    text = explain(changes(events))
    assert "litellm-1  replaced, the new one beside the old: secrets" in text
    assert "/run/secrets" not in text
