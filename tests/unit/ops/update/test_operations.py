"""What a preview's events mean."""

from ops.update.operations import OperationKind, parse_operations
from tests.unit.ops.steps import IMAGE, beside, event, stopped

SECRETS_KIND = "random:index/randomPassword:RandomPassword"


def test_a_container_whose_successor_comes_first_is_replaced_beside_it() -> None:
    (operation,) = parse_operations(beside("litellm-1", {"memory": 1}, {"memory": 2}, "memory"))
    assert (operation.name, operation.kind) == ("litellm-1", OperationKind.REPLACED)
    assert (operation.old, operation.new, operation.keys) == ({"memory": 1}, {"memory": 2}, ("memory",))


def test_a_container_deleted_before_its_successor_is_stopped_first() -> None:
    (operation,) = parse_operations(stopped("postgres", {}, {}, "command"))
    assert operation.kind is OperationKind.STOPPED_FIRST


def test_what_stays_and_what_is_pulumi_s_own_is_no_change() -> None:
    events = [
        event("same", "redis", {}, {}),
        event("update", "default_5_2_0", {}, {}, kind="pulumi:providers:docker"),
        event("create", "litellm", None, {}, kind="gateway:index:LiteLLM"),
    ]
    assert parse_operations(events) == []


def test_each_kind_is_recognized() -> None:
    events = [
        event("create", "litellm-2", None, {}),
        event("update", "edge", {}, {}, ("memory",)),
        event("delete", "provider", {}),
        event("delete-replaced", "litellm-config", {}),
    ]
    assert {operation.name: operation.kind for operation in parse_operations(events)} == {
        "litellm-2": OperationKind.CREATED,
        "edge": OperationKind.UPDATED,
        "provider": OperationKind.DELETED,
        "litellm-config": OperationKind.DELETED,
    }


def test_a_path_deep_in_an_input_names_the_input_once() -> None:
    (operation,) = parse_operations(
        beside("litellm-1", {}, {}, "labels[0].value", "labels[1].value", "healthcheck.tests", "__meta")
    )
    assert operation.keys == ("labels", "healthcheck")


def test_only_a_migration_that_is_made_or_replaced_runs() -> None:
    def runs(*events: object) -> bool:
        return any(operation.is_migration for operation in parse_operations(events))  # type: ignore[arg-type]

    assert runs(*beside("migration", {}, {}, "image"))
    assert runs(event("create", "migration", None, {}))
    assert not runs(event("delete", "migration", {}))
    assert not runs(event("create", "migration", None, {}, kind=IMAGE))
    assert not runs(*beside("litellm-1", {}, {}, "image"))
