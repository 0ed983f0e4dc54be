"""`pulumi up` is killed at ten moments of one update: `recover` brings the gateway back, and nothing is lost."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.project import Project
from tests.history.client import PATIENCE, Client, Kept
from tests.history.interrupted import kill_update

SETTING = "gateway:litellm.config.cooldown_time"
MOMENTS = 10
FOUND = ("locked by", "interrupted: ", "is in no state", "is still there", "is missing", "nothing is wrong")
"""What `recover` may say is wrong."""


@dataclass(frozen=True)
class Moment:
    """One line of the table."""

    seconds: float
    killed: bool
    last_line: str
    found: str
    recovery: float

    def __str__(self) -> str:
        """Write it."""
        end = "killed" if self.killed else "had ended"
        return f"{self.seconds:6.1f} s  {end:9}  {self.recovery:5.1f} s  {self.last_line[:60]:60}  {self.found}"


@pytest.fixture(scope="module")
def seconds(gateway: Project, client: Client) -> float:
    """How long the update takes when nothing ends it; the client learns what a request costs."""
    client.ask()
    gateway.must("up", "--yes", "--skip-preview")
    gateway.change(SETTING, 100)
    taken = gateway.must("up", "--yes", "--skip-preview").seconds
    print(f"\nthe update takes {taken:.1f} s")
    # The one request's log is there; its sum follows within the seconds that a batch takes.
    give_up = time.monotonic() + PATIENCE
    while not (spend := client.kept().spend):
        assert time.monotonic() < give_up, "no spend was written"
    client.price = spend / client.asked
    return taken


@pytest.fixture(scope="module")
def moments() -> Iterator[list[Moment]]:
    """The table, printed when all have been tried."""
    tried: list[Moment] = []
    yield tried
    print("\nmoment    update     recovery  Pulumi's last line; what `recover` found")
    print("\n".join(map(str, tried)))


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
    gateway.must("up", "--yes", "--skip-preview")
    gateway.must("preview", "--expect-no-changes")
    assert gateway.ops("drift", gateway.stack).exit_code == 0
    client.ask()
    assert client.kept() == Kept(before.keys, before.models, client.asked, round(client.asked * client.price, 6))


def test_the_moments_were_amid_the_update(moments: list[Moment]) -> None:
    assert len(moments) == MOMENTS
    assert sum(moment.killed for moment in moments) >= MOMENTS - 2
    assert len({moment.last_line for moment in moments}) >= 3
    assert any("interrupted" in moment.found for moment in moments)
