"""A preview in words."""

from ops.stack.state import VOLUME
from ops.update.operations import parse_operations
from ops.update.summary import NO_CHANGE, summarize
from tests.unit.ops.steps import IMAGE, SECRETS, UNKNOWN, beside, data_container, event, stopped

CONFIG = "/etc/gateway/config.yaml"
OLD_FILES, NEW_FILES = (
    {"volumes": [{"volumeName": name, "containerPath": "/etc/gateway", "readOnly": True}]} for name in ("old", UNKNOWN)
)


def test_no_operation_is_no_change() -> None:
    assert summarize([]) == NO_CHANGE


def test_a_changed_configuration_shows_replicas_and_lines() -> None:
    events = [
        *beside("litellm-config", data_container(CONFIG, "a: 60\n"), data_container(CONFIG, "a: 61\n"), "uploads"),
        *beside("litellm-1", OLD_FILES, NEW_FILES, "volumes"),
        event("create", "litellm-2", None, {}),
    ]
    assert summarize(parse_operations(events)).splitlines() == [
        "containers:",
        "  litellm-1  replaced, the new one beside the old: config.yaml",
        "  litellm-2  created",
        "",
        "/etc/gateway/config.yaml of litellm:",
        "  @@ -1 +1 @@",
        "  -a: 60",
        "  +a: 61",
        "",
        "migration: none runs",
        "",
        "requests at risk: none; each container that serves stops only when its successor is healthy",
    ]


def test_the_order_of_a_preview_s_events_changes_no_word() -> None:
    secrets = {"start": False, "uploads": SECRETS}
    parts = [
        beside("litellm-secrets", secrets, secrets, "uploads"),
        beside("validation-config", data_container(CONFIG, "a: 60\n"), data_container(CONFIG, "a: 61\n"), "uploads"),
        beside("litellm-config", data_container(CONFIG, "a: 60\n"), data_container(CONFIG, "a: 61\n"), "uploads"),
        beside("validation", OLD_FILES, NEW_FILES, "volumes"),
        beside("litellm-1", OLD_FILES, NEW_FILES, "volumes"),
    ]
    words = summarize(parse_operations([step for part in parts for step in part]))
    assert "litellm-1   replaced, the new one beside the old: config.yaml, secrets" in words
    assert words == summarize(parse_operations([step for part in reversed(parts) for step in part]))


def test_another_image_alone_changes_no_secret() -> None:
    old, new = {"image": "sha256:1"}, {"image": UNKNOWN}
    secrets = {"start": False, "uploads": SECRETS}
    events = [
        *beside("litellm-secrets", secrets | old, secrets | new, "image"),
        *beside("litellm-1", OLD_FILES | old, NEW_FILES | new, "image", "volumes"),
    ]
    assert "litellm-1  replaced, the new one beside the old: another image, its files" in summarize(
        parse_operations(events)
    )


def test_a_volume_of_files_is_no_news_of_its_own() -> None:
    volume = [event("replace", "litellm-config", {"name": "a"}, {"name": UNKNOWN}, kind=VOLUME)]
    data = event("create", "other-data", None, {"name": "b"}, kind=VOLUME)
    container = beside("litellm-config", data_container(CONFIG, "a"), data_container(CONFIG, "b"), "uploads")
    text = summarize(parse_operations([*volume, *container, data]))
    assert "other resources:\n  other-data  created" in text
    assert "litellm-config" not in text


def test_a_database_that_restarts_is_a_risk_and_says_which() -> None:
    text = summarize(parse_operations(stopped("postgres", {"memory": 1}, {"memory": 2}, "memory")))
    assert "  postgres  stopped, then replaced: memory 1 → 2" in text
    assert "during the restart of postgres: requests whose key no replica has in its cache are refused" in text


def test_a_database_that_changes_in_place_is_none() -> None:
    text = summarize(parse_operations([event("update", "postgres", {"memory": 1}, {"memory": 2}, ("memory",))]))
    assert "requests at risk: none" in text


def test_monitoring_may_stop_without_a_risk() -> None:
    assert "requests at risk: none" in summarize(parse_operations(stopped("prometheus", {}, {}, "command")))


def test_another_image_runs_a_migration() -> None:
    events = [
        *beside("litellm-image", {"name": "litellm:1"}, {"name": "litellm:2"}, "name"),
        *beside("migration", {"image": "sha256:1"}, {"image": UNKNOWN}, "image"),
    ]
    named = [event("replace", "litellm-image", {"name": "litellm:1"}, {"name": "litellm:2"}, ("name",), kind=IMAGE)]
    text = summarize(parse_operations([*named, *events[3:]]))
    assert "migration: runs before any replica" in text
    assert "other resources:\n  litellm-image  replaced, the new one beside the old: name litellm:1 → litellm:2" in text


def test_a_changed_secret_is_named_without_its_value() -> None:
    events = [
        *beside(
            "litellm-secrets", {"start": False, "uploads": SECRETS}, {"start": False, "uploads": SECRETS}, "uploads"
        ),
        *beside("litellm-1", OLD_FILES, NEW_FILES, "volumes"),
    ]
    text = summarize(parse_operations(events))
    assert "litellm-1  replaced, the new one beside the old: secrets" in text
    assert "/run/secrets" not in text
