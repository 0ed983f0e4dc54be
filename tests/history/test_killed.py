"""`pulumi up` is killed at ten moments of an update: `recover` repairs the gateway, and nothing is lost."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from testbed.project import Project
from tests.history.client import Client, Kept, learn_price
from tests.history.interrupted import kill_update

SETTING = "gateway:litellm.config.cooldown_time"
MOMENTS = 10
FOUND = (
    "locked by",
    "interrupted: ",
    "is not in the state",
    "its predecessor still exists",
    "is missing",
    "nothing is wrong",
)
"""What `recover` may report."""


@dataclass(frozen=True)
class Moment:
    """One line of the table."""

    seconds: float
    killed: bool
    last_line: str
    found: str
    recovery: float

    def __str__(self) -> str:
        """Format the line."""
        end = "killed" if self.killed else "had ended"
        return f"{self.seconds:6.1f} s  {end:9}  {self.recovery:5.1f} s  {self.last_line[:60]:60}  {self.found}"


@pytest.fixture(scope="module")
def seconds(gateway: Project, client: Client) -> float:
    """How long the update takes when it is not killed. The price of a request is known afterwards."""
    learn_price(client)
    gateway.change(SETTING, 100)
    taken = gateway.up().seconds
    print(f"\nthe update takes {taken:.1f} s")
    return taken


@pytest.fixture(scope="module")
def moments() -> Iterator[list[Moment]]:
    """The table of all moments, printed at the end. Most must have been during the update."""
    tried: list[Moment] = []
    yield tried
    print("\nmoment    update     recovery  Pulumi's last line; what `recover` found")
    print("\n".join(map(str, tried)))
    assert sum(moment.killed for moment in tried) >= len(tried) - 2
    assert len({moment.last_line for moment in tried}) >= min(3, len(tried))


@pytest.mark.parametrize("number", range(MOMENTS))
def test_a_killed_update_is_recovered_and_nothing_is_lost(
    gateway: Project, client: Client, seconds: float, moments: list[Moment], number: int
) -> None:
    before = client.kept()
    client.ask()
    client.ask()
    moment = seconds * (number + 0.5) / MOMENTS
    gateway.change(SETTING, 101 + number)
    killed = kill_update(gateway, lambda now, _: now >= moment)

    recovered = gateway.ops("recover", gateway.stack, "--yes")
    found = ", ".join(words.strip() for words in FOUND if words in recovered.output)
    moments.append(Moment(moment, killed.alive, killed.last_line, found, recovered.seconds))
    assert recovered.exit_code == 0, recovered.output
    gateway.up()
    gateway.expect_no_changes()
    assert gateway.ops("drift", gateway.stack).exit_code == 0
    client.ask()
    assert client.kept() == Kept(before.keys, before.models, client.asked, round(client.asked * client.price, 6))
