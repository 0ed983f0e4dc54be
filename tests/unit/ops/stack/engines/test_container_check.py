"""How long a container's own check may take."""

from ops.stack.engines.container_check import check_timeout


def test_check_has_its_own_timeout() -> None:
    assert check_timeout({"Config": {"Healthcheck": {"Test": ["CMD", "true"], "Timeout": 10 * 10**9}}}) == 10


def test_check_without_a_timeout_has_docker_s_own() -> None:
    assert check_timeout({"Config": {"Healthcheck": {"Test": ["CMD", "true"], "Timeout": 0}}}) == 30
    assert check_timeout({"Config": {}}) == 30
