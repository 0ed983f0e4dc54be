"""What is asked for health on each side."""

from unittest.mock import Mock

import pytest

from benchmarks.comparison.scenarios.promises.health import LIVENESS, probed
from benchmarks.comparison.sides.gateways import MeasuredGateway
from testbed.project import Project

HEALTH_URL = f"http://127.0.0.1:4001{LIVENESS}"
"""As the stack's output has it."""


@pytest.mark.parametrize(("health_port", "asked"), [(True, HEALTH_URL), (False, f"http://127.0.0.1:4000{LIVENESS}")])
def test_liveness_is_asked_at_the_health_port_or_at_the_proxy(health_port: bool, asked: str) -> None:  # noqa: FBT001
    gateway = MeasuredGateway(Mock(Project), "http://127.0.0.1:4000", HEALTH_URL, "key", health_port=health_port)
    assert probed(gateway) == asked
