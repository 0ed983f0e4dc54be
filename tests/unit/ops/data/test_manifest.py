"""What a manifest tells, and when a dump must not be restored."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ops.data.manifest import Database, Manifest, manifest_table, not_restorable, parse_manifest, read_manifest
from ops.errors import OperationError
from tests.unit.ops.dumps import CONTENT, MANIFEST, manifest

LIVE = Database.model_validate({key: MANIFEST[key] for key in ("stack", "salt_key", "schema", "rows")})
OTHER_SCHEMA = {"last": "20270101_more", "count": 9}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A whole dump with its manifest."""
    dump = tmp_path / "kept.dump"
    dump.write_bytes(CONTENT)
    whole = MANIFEST | {"sha256": hashlib.sha256(CONTENT).hexdigest()}
    dump.with_suffix(".json").write_text(json.dumps(whole))
    return dump


def test_a_dump_of_this_database_may_be_restored() -> None:
    assert not_restorable(manifest(), LIVE, any_schema=False) is None


@pytest.mark.parametrize("any_schema", [False, True])
def test_a_dump_under_another_salt_key_is_refused_whatever_is_allowed(any_schema: bool) -> None:  # noqa: FBT001
    found = not_restorable(manifest(salt_key="ffffffffffffffff"), LIVE, any_schema=any_schema)
    assert found is not None
    assert "was made under another salt key (ffffffffffffffff, here 0123456789abcdef)" in found


def test_a_dump_of_another_schema_is_refused_with_its_image() -> None:
    found = not_restorable(manifest(schema=OTHER_SCHEMA), LIVE, any_schema=False)
    assert found == (
        "20260131T021500Z-manual has another schema than the running LiteLLM's: 9 migrations, the last 20270101_more;"
        " here 7 migrations, the last 20260101_keys; run the image litellm:1 first, or give --allow-schema"
    )


def test_a_dump_of_another_schema_is_taken_where_that_is_allowed() -> None:
    assert not_restorable(manifest(schema=OTHER_SCHEMA), LIVE, any_schema=True) is None


def test_a_whole_file_is_known_by_its_manifest(file: Path) -> None:
    assert read_manifest(file).name == "20260131T021500Z-manual"


def test_a_damaged_file_is_refused_in_one_sentence(file: Path) -> None:
    file.write_bytes(CONTENT[:-1])
    with pytest.raises(OperationError, match=r"kept\.dump is not what its manifest says: its sha256 differs$"):
        read_manifest(file)


def test_a_file_without_manifest_is_refused(file: Path) -> None:
    file.with_suffix(".json").unlink()
    with pytest.raises(OperationError, match=r"kept\.json: there is no such file"):
        read_manifest(file)


def test_a_manifest_that_is_no_text_is_refused(file: Path) -> None:
    file.with_suffix(".json").write_bytes(b"\xff")
    with pytest.raises(OperationError, match=r"kept\.json is not a text in UTF-8$"):
        read_manifest(file)


@pytest.mark.parametrize(
    "fault",
    [{"taken": "../../etc/passwd"}, {"reason": "drop table"}, {"sha256": "short"}, {"schema": None}],
    ids=lambda fault: next(iter(fault)),
)
def test_what_is_no_manifest_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(OperationError, match=r"^kept\.json is not a manifest of a dump$"):
        parse_manifest(json.dumps(MANIFEST | fault), "kept.json")


def test_the_newest_dump_is_shown_first() -> None:
    assert shown_names(200, manifest(), manifest(taken="20260201T021500Z")) == [
        "20260201T021500Z-manual",
        "20260131T021500Z-manual",
    ]


def test_no_name_is_cut_where_there_is_little_room() -> None:
    long = manifest(reason="before-migration", image="ghcr.io/berriai/litellm:v1.108.14@sha256:" + "0" * 64)
    assert shown_names(80, long)[0] == "20260131T021500Z-before-migration"


def test_an_image_is_shown_letter_by_letter() -> None:
    console = Console(width=200, record=True)
    console.print(manifest_table([manifest(image="mine[/b]:bug:")]))
    assert "b]:bug:" in console.export_text()


def shown_names(width: int, *dumps: Manifest) -> list[str]:
    console = Console(width=width)
    with console.capture() as shown:
        console.print(manifest_table(dumps))
    return [line.split()[0] for line in shown.get().splitlines()[1:]]
