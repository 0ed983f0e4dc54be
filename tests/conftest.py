"""Fixtures of all shards, and the list of what a run proved."""

from collections.abc import Iterator

import httpx
import pytest

from testbed.gateway import admin
from testbed.mock_provider import MockProvider, mock_provider
from testbed.project import Project


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--proved`."""
    parser.addoption("--proved", action="store_true", help="list at the end what passed, in the tests' own words")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the names of the tests that passed as sentences."""
    if not terminalreporter.config.getoption("proved"):
        return
    terminalreporter.section("proved on this machine")
    for report in terminalreporter.stats.get("passed", []):
        name = report.nodeid.rpartition("::")[2].removeprefix("test_")
        terminalreporter.write_line(f"- {name.replace('_', ' ')}")


@pytest.fixture(scope="module")
def proxy(gateway: Project) -> Iterator[httpx.Client]:
    """A client of the proxy that holds the master key. Each shard has a `gateway` of its own."""
    with admin(gateway) as client:
        yield client


@pytest.fixture
def mock(gateway: Project) -> Iterator[MockProvider]:
    """The mock provider; its counts begin at 0, and its settings are restored afterwards."""
    with mock_provider(gateway) as mock:
        yield mock


@pytest.fixture
def restored(gateway: Project) -> Iterator[None]:
    """The stack gets the configuration back that it had before the test."""
    before = gateway.config_file.read_text()
    yield
    gateway.config_file.write_text(before)
    gateway.up()
