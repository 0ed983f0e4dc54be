"""A file that is replaced by a whole one, or stays."""

import os
from pathlib import Path

from ops.errors import OperationError


def write_beside(path: Path, content: bytes) -> Path:
    """Write the file that is to take a file's place, for this user alone; return it once it is on the disk.

    Raises:
        OperationError: if that fails, as on a full disk.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise OperationError(f"{path} cannot be written anew, and stays as it is: {reason}") from error
    return part
