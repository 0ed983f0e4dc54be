"""What does not fit beside the dumps is not copied there."""

from pathlib import Path

import pytest

from ops.data.disk import require_disk
from ops.errors import OperationError
from tests.unit.ops.local_part import LocalPart
from tests.unit.server_programs import ServerPrograms


def test_what_fits_is_let_through(tmp_path: Path) -> None:
    require_disk(LocalPart(ServerPrograms.make(tmp_path)), 1, "the copy of the dump")


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    sentence = r"^the copy failed: disk nearly full: \d+ MiB free, 976562564 MiB needed for the copy of the dump$"
    with pytest.raises(OperationError, match=sentence):
        require_disk(LocalPart(ServerPrograms.make(tmp_path)), 1024 * 10**12, "the copy of the dump")


def test_container_without_the_check_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "common.sh").write_text("set -eu\n")
    require_disk(LocalPart(ServerPrograms.make(tmp_path), tmp_path), 1024 * 10**12, "the copy of the dump")
