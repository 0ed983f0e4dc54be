"""A port that only root may bind."""

import pytest

from components.engine.host.ports import is_free, lowest_unprivileged
from components.engine.workload import Port

FIRST_UNPRIVILEGED = 1024


def low_port() -> int:
    """Return 443 if it is free, else another free port below 1024."""
    if lowest_unprivileged() < FIRST_UNPRIVILEGED:
        pytest.skip("every user of this machine may bind low ports")
    found: int = next(
        port for port in (443, 80, *range(FIRST_UNPRIVILEGED - 1, 512, -1)) if is_free(Port(0, port, "127.0.0.1", ""))
    )
    return found
