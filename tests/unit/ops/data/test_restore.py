"""What a restore asks before, and what it leaves alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer import Abort

from ops.data import restore
from ops.data.manifest import Database, Manifest
from ops.errors import OperationError
from tests.unit.ops.dumps import MANIFEST, manifest

OLD = "litellm_before_restore_1"


@dataclass
class Store:
    """Stands in for the dumps of a stack."""

    salt_key: str = str(MANIFEST["salt_key"])
    rows: dict[str, int] = field(default_factory=lambda: {"public.Keys": 5, "public.Spend": 40})
    restored: list[tuple[str, bool]] = field(default_factory=list)
    put_files: list[Path] = field(default_factory=list)

    def dump(self, name: str) -> Manifest:
        assert name == manifest().name
        return manifest()

    def put(self, file: Path, _: Manifest) -> None:
        self.put_files.append(file)

    def live(self) -> Database:
        return Database.model_validate(MANIFEST | {"salt_key": self.salt_key, "rows": self.rows})

    def restore(self, dump: Manifest, *, drop_old: bool) -> str:
        self.restored.append((dump.name, drop_old))
        return OLD


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    found = Store()

    @contextmanager
    def opened(_: str) -> Iterator[Store]:
        yield found

    monkeypatch.setattr(restore, "open_dump_store", opened)
    monkeypatch.setattr(restore, "open_own", lambda _: None)
    monkeypatch.setattr(restore, "open_or_create", lambda _: pytest.fail("a stack was made"))
    return found


def test_a_restore_says_what_changes_and_where_the_old_data_are(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    restore.restore("dev", Path(manifest().name), yes=True, any_schema=False)
    shown = capsys.readouterr().out
    assert store.restored == [(manifest().name, False)]
    assert "  Keys: 5 rows now, 3 after" in shown
    assert "Spend" not in shown
    assert f"the old database is kept as {OLD} until the next backup" in shown


def test_a_restore_that_is_not_wanted_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise Abort

    monkeypatch.setattr("typer.confirm", no)
    with pytest.raises(Abort):
        restore.restore("dev", Path(manifest().name), yes=False, any_schema=False)
    assert (store.restored, store.put_files) == ([], [])


def test_a_dump_under_another_salt_key_changes_nothing(store: Store) -> None:
    store.salt_key = "ffffffffffffffff"
    with pytest.raises(OperationError, match="another salt key"):
        restore.restore("dev", Path(manifest().name), yes=True, any_schema=True)
    assert store.restored == []


def test_a_file_of_this_host_is_copied_only_once_it_may_be_restored(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "kept.dump"
    file.touch()
    monkeypatch.setattr(restore, "read_manifest", lambda _: manifest(salt_key="ffffffffffffffff"))
    with pytest.raises(OperationError, match="another salt key"):
        restore.restore("dev", file, yes=True, any_schema=False)
    assert store.put_files == []
    monkeypatch.setattr(restore, "read_manifest", lambda _: manifest())
    restore.restore("dev", file, yes=True, any_schema=False, drop_old=True)
    assert store.put_files == [file]
    assert store.restored == [(manifest().name, True)]


def test_a_new_host_is_not_made_for_a_dump_that_is_not_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "migrate_host", lambda *_: pytest.fail("a stack was made"))
    with pytest.raises(OperationError, match=r"^gone\.dump: there is no such file"):
        restore.restore("dev", Path("gone.dump"), yes=True, any_schema=False, new_host=True)
    assert store.restored == []


@pytest.mark.parametrize("text", ["sk-0123abcd\n", "0123abcd", " sk-0123abcd "])
def test_a_salt_key_is_read_with_or_without_its_prefix(tmp_path: Path, text: str) -> None:
    file = tmp_path / "saved-salt-key"
    file.write_text(text)
    assert restore.read_salt_key(file) == "0123abcd"


@pytest.mark.parametrize(
    "content", [b"", b"sk-a\nsk-b\n", b"sk-\xff\n", None], ids=["empty", "two", "no text", "missing"]
)
def test_a_file_without_one_salt_key_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "saved-salt-key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OperationError, match="saved-salt-key"):
        restore.read_salt_key(file)


def test_a_salt_key_is_only_for_a_stack_that_is_created(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "saved-salt-key"
    file.write_text("sk-0123abcd")
    monkeypatch.setattr(restore, "open_own", lambda _: pytest.fail("it went on"))
    with pytest.raises(OperationError, match="--salt-key is for a stack that is created: give --new-host too"):
        restore.restore("dev", Path("x"), yes=True, any_schema=False, salt_key=file)


def test_a_salt_key_of_the_state_is_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "import_resources", lambda *_: pytest.fail("it was replaced"))
    monkeypatch.setattr(restore, "stack_identity", lambda _: "0" * 16)
    stack = SimpleNamespace(name="dev", export_stack=lambda: SimpleNamespace(deployment={}))
    with pytest.raises(OperationError, match=r"^dev has a salt key in its state"):
        restore.import_salt_key(stack, "0123abcd")  # type: ignore[arg-type]
