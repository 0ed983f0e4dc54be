"""What runs is put into the state under the names that the program gives it."""

import pytest

from components.engine.files import FILE_KINDS
from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError
from ops.stack.backend.resource_import import PARENTS, import_document, importable, passwords, resource_of
from tests.unit.program import NETWORK, VOLUME, Program


def engine_object(resource: str, kind: ObjectKind = ObjectKind.VOLUME, suffix: str = "0a1b2") -> EngineObject:
    name = f"gateway-dev-{resource}-{suffix}"
    return EngineObject(kind, name if kind is ObjectKind.VOLUME else "id", name)


def test_name_on_the_engine_tells_the_resource() -> None:
    assert resource_of(engine_object("postgres-data"), "dev") == "postgres-data"
    assert resource_of(engine_object("postgres-data"), "de") == ""
    assert resource_of(EngineObject(ObjectKind.VOLUME, "mine", "mine"), "dev") == ""


def test_networks_and_data_are_imported_and_nothing_else() -> None:
    objects = [
        engine_object("data-network", ObjectKind.NETWORK), engine_object("backups"), engine_object("identity"),
        engine_object("postgres-data", ObjectKind.CONTAINER),
    ]  # fmt: skip
    assert [(each.name, each.id) for each in importable(objects, "dev")] == [
        ("data-network", "id"),
        ("backups", "gateway-dev-backups-0a1b2"),
    ]


def test_two_volumes_of_one_resource_are_refused() -> None:
    with pytest.raises(OperationError, match="are both backups of dev: remove the one without data"):
        importable([engine_object("backups"), engine_object("backups", suffix="fffff")], "dev")


def test_document_names_each_parent_once() -> None:
    imports = [*passwords({"salt-key": "hush", "master-key": "hush2"}), *importable([engine_object("backups")], "dev")]
    document = import_document(imports, {"backup": "urn:backup", "edge": "urn:edge"})
    assert document["nameTable"] == {"backup": "urn:backup"}
    assert [each for each in document["resources"] if each.get("component")] == [
        {"type": "gateway:index:Secrets", "name": "secrets", "component": True}
    ]
    assert {(each["name"], each["parent"]) for each in document["resources"] if "id" in each} == {
        ("salt-key", "secrets"), ("master-key", "secrets"), ("backups", "backup"),
    }  # fmt: skip


def test_every_network_and_volume_of_the_program_has_its_parent(program: Program) -> None:
    made = [
        args
        for args in program.resources
        if args.typ in (NETWORK, VOLUME) and args.name != "identity" and args.name.rpartition("-")[2] not in FILE_KINDS
    ]
    assert made
    for args in made:
        parent = program.options(args.name, args.typ).parent
        assert tuple(parent.rsplit("$", 1)[-1].rsplit("::", 2)[-2:]) == PARENTS[args.name]
