"""The disk of the dumps' volume: where it is full, Postgres stops."""

from components.engine.workload import PROGRAMS_FOLDER
from ops.stack.engines.part import RunningPart

SPARE_KIB = 64 * 1024
"""Free beside what is copied."""
# A container that is older than this program has no such check.
REQUIRE_DISK = (
    """. "${0%/*}/common.sh"; ! command -v require_disk >/dev/null || require_disk "$(dumps_free)" "$1" "$2" """
)


def require_disk(part: RunningPart, size: int, purpose: str) -> None:
    """Check that bytes fit into the dumps' volume.

    Raises:
        OperationError: if they do not.
    """
    command = ("sh", "-c", REQUIRE_DISK, f"{PROGRAMS_FOLDER}/disk.sh", str(size // 1024 + SPARE_KIB), purpose)
    part.run(lambda _: None, *command, name="the copy")
