"""Files that a stack names."""

import errno
import stat
from pathlib import Path


def check_regular(file: Path) -> None:
    """Refuse a pipe or the like: reading it would wait for somebody to write. Reading a folder fails at once.

    Raises:
        OSError: if it is neither a file nor a folder, or is not there.
    """
    mode = file.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(file))
