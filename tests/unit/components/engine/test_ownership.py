"""Parts on the engine are told apart by the identity of what they join."""

import re
from dataclasses import replace

from components.engine.ownership import (
    EngineObject,
    ObjectKind,
    foreign_objects,
    maker,
    refusal,
    strangers,
    with_identities,
)

MINE, THEIRS = "0" * 16, "f" * 16
NETWORK = EngineObject(ObjectKind.NETWORK, "n1", "gateway-test-data-network-00000", THEIRS)
VOLUME = EngineObject(
    ObjectKind.VOLUME, "gateway-test-identity-11111", "gateway-test-identity-11111", THEIRS, "ann@there in /srv"
)
POSTGRES = EngineObject(
    ObjectKind.CONTAINER, "c1", "gateway-test-postgres", joined=frozenset({NETWORK.name}), files_from=frozenset({"c2"})
)
FILES = EngineObject(ObjectKind.CONTAINER, "c2", "gateway-test-postgres-secrets-22222")
LOOSE = EngineObject(ObjectKind.CONTAINER, "c3", "gateway-test-stranger", joined=frozenset({"bridge"}))


def test_container_has_the_identity_of_its_network_and_so_have_its_files() -> None:
    found = {object_.name: object_.identity for object_ in with_identities([FILES, LOOSE, POSTGRES, NETWORK])}
    assert found == {NETWORK.name: THEIRS, POSTGRES.name: THEIRS, FILES.name: THEIRS, LOOSE.name: None}


def test_container_has_the_identity_of_its_volume() -> None:
    carrier = replace(LOOSE, joined=frozenset({VOLUME.name}))
    assert [object_.identity for object_ in with_identities([carrier, VOLUME])] == [THEIRS, THEIRS]


def test_only_another_identity_is_a_stranger() -> None:
    objects = [NETWORK, LOOSE, replace(VOLUME, identity=MINE)]
    assert strangers(objects, MINE) == [NETWORK]
    assert strangers([LOOSE], None) == []


def test_refusal_names_parts_maker_and_ways_on() -> None:
    objects = with_identities([NETWORK, VOLUME, POSTGRES, FILES])
    sentence = refusal("test", objects, objects)
    assert "2 containers, 1 network, 1 volume: gateway-test-postgres, gateway-test-postgres-secrets-22222, " in sentence
    assert "made by ann@there in /srv: " in sentence
    assert "another name" in sentence
    assert "`python -m ops recover test --lost-state`" in sentence


def test_refusal_on_a_cluster_names_no_command_that_refuses_there() -> None:
    claim = EngineObject(ObjectKind.OBJECT, "1", "persistentvolumeclaim/data", THEIRS)
    sentence = refusal("test", [claim], [claim])
    assert "1 object: persistentvolumeclaim/data" in sentence
    assert "--lost-state" not in sentence


def test_maker_has_no_password() -> None:
    told = maker({"PULUMI_BACKEND_URL": "postgres://pulumi:hush@db/state?password=hush"})
    assert re.fullmatch(r"\S+@\S+ in /.* with postgres://db/state", told)
    assert " with " not in maker({})


UNLABELLED = replace(NETWORK, identity=None)
ALONE = replace(POSTGRES, identity=None)


def test_what_the_state_knows_is_its_own_with_any_label() -> None:
    assert foreign_objects([NETWORK, POSTGRES], {"n1", "c1"}, MINE) == []


def test_unlabelled_container_is_told_apart_by_its_network() -> None:
    own = EngineObject(ObjectKind.NETWORK, "n2", "gateway-test-front-network-33333")
    objects = [UNLABELLED, own, ALONE, replace(ALONE, id="c4", joined=frozenset({own.name}))]
    assert foreign_objects(objects, {"n2"}, MINE) == [ALONE]
    assert foreign_objects(objects, {"n1"}, MINE) == [objects[3]]


def test_files_of_another_state_s_container_are_foreign_too() -> None:
    own = EngineObject(ObjectKind.NETWORK, "n2", "gateway-test-front-network-33333")
    assert foreign_objects([own, UNLABELLED, FILES], {own.id}, MINE) == [FILES]
    assert foreign_objects([own, FILES], {own.id}, MINE) == []


def test_orphan_of_an_ended_update_is_own() -> None:
    orphan = EngineObject(ObjectKind.VOLUME, "gateway-test-backups-44444", "gateway-test-backups-44444", MINE)
    assert foreign_objects([orphan, replace(NETWORK, identity=MINE)], {"n1"}, MINE) == []


def test_part_without_label_and_network_is_nobody_s() -> None:
    assert foreign_objects([replace(NETWORK, identity=MINE), LOOSE], {"n1"}, MINE) == []


def test_where_nothing_is_own_everything_is_foreign() -> None:
    assert foreign_objects([UNLABELLED, LOOSE], (), None) == [UNLABELLED, LOOSE]
    assert foreign_objects([NETWORK, LOOSE], {"gone"}, MINE) == [NETWORK, LOOSE]
    assert foreign_objects([], (), None) == []
