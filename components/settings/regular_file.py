"""Files that a stack names."""

import errno
import stat
from pathlib import Path


def check_regular(file: Path) -> None:
    """Refuse a pipe or the like: to read it would wait until somebody writes. A folder's own error is clear.

    Raises:
        OSError: if it is none of both, or is not there.
    """
    mode = file.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(file))
