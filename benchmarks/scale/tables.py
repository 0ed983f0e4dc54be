"""The tables of docs/scale.md, as lines of Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.scale.anchors import Anchor
from benchmarks.scale.growth import Step, fullest, stacks_needed, stacks_on_all_nodes, steps
from benchmarks.scale.parts import PARTS, Part
from benchmarks.scale.profile import PROFILES, USERS, Profile
from benchmarks.scale.stack import MOST_EDGES, MOST_NODES, MOST_REPLICAS, Stack
from components.stack.costs import Costs
from components.stack.expected_load import workers_needed

SPEND_LOGS_KEPT = 100_000
"""That Redis keeps while Postgres is away (docs/guarantees.md)."""
POSTGRES, REDIS = "Postgres processors", "Redis thread"


@dataclass(frozen=True)
class Table:
    """A table."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def lines(self) -> list[str]:
        """Format it."""
        return [_line(self.head), "|" + "---|" * len(self.head), *map(_line, self.rows)]


def assumptions() -> Table:
    """Return what each kind of user asks for."""
    head = (
        "user", "requests an hour", "busiest minute / average", "streamed", "an answer takes", "chunks/s of a stream",
        "connections",
    )  # fmt: skip
    return Table(head, [_assumption(profile) for profile in PROFILES])


def growth(costs: Costs) -> Table:
    """Return what is full first, then what is full first with that moved, and so on."""
    head = ("user", "full first", "carries users", "nodes", "what moves it")
    return Table(head, [row for profile in PROFILES for row in _steps(profile, costs)])


def needs(profile: Profile, costs: Costs) -> Table:
    """Return what each number of such users needs."""
    head = (
        "users", "requests/s", "streams at once", "chunks/s", "workers", "replicas", "edges", "Postgres connections",
        POSTGRES, REDIS, "fullest", "what moves it", "stacks", "nodes",
    )  # fmt: skip
    last = steps(profile, costs)[-1]
    return Table(head, [_need(users, profile, last, costs) for users in USERS])


def spend() -> Table:
    """Return how many rows are written, and for how long they may wait."""
    head = ("user", *(f"rows a minute, {users:,} users" for users in USERS), f"Redis keeps them, {USERS[-1]:,} users")
    return Table(head, [_spend(profile) for profile in PROFILES])


def measured(found: Sequence[Anchor]) -> Table:
    """Return what paper and reports say of the same load."""
    return Table(
        ("what", "on paper", "measured", "report"),
        [(each.what, each.paper, each.measured, f"`benchmarks/report/{each.report}`") for each in found],
    )


def _assumption(profile: Profile) -> Sequence[str]:
    return (
        profile.name,
        f"{profile.requests_per_hour:g}",
        f"{profile.peak:g}",
        f"{profile.streamed:.0%}",
        f"{profile.seconds:g} s",
        f"{profile.chunks_per_second:g}" if profile.streamed else "–",
        f"{profile.connections:g}",
    )


def _steps(profile: Profile, costs: Costs) -> Iterator[Sequence[str]]:
    found = steps(profile, costs)
    for number, step in enumerate(found):
        nodes = step.stack.nodes(profile.demand(step.users), costs)
        yield "" if number else profile.name, step.part.name, f"{step.users:,}", f"{nodes}", step.setting
    count = stacks_on_all_nodes(found[-1], profile, costs)
    nodes *= count
    yield (
        "",
        f"nodes, with {count} such stacks",
        f"{count * found[-1].users:,}",
        f"{nodes}",
        f"more than {MOST_NODES} nodes",
    )


def _need(users: int, profile: Profile, last: Step, costs: Costs) -> Sequence[str]:
    stack, demand = Stack(), profile.demand(users)
    part = fullest(profile, users, stack, costs)
    shares = {each.name: each.load(stack, demand, costs) for each in PARTS}
    stacks = stacks_needed(users, last)
    each = profile.demand(-(-users // stacks))
    replicas, edges = stack.replicas(demand, costs), stack.edges(demand, costs)
    connections = stack.postgres_connections(demand, costs)
    return (
        f"{users:,}",
        _rate(demand.load.requests_per_second),
        f"{demand.load.streams:,}",
        f"{demand.chunks_per_second:,.0f}",
        f"{workers_needed(demand.load, costs):,}",
        _marked(f"{replicas:,}", over=replicas > MOST_REPLICAS),
        _marked(f"{edges:,}", over=edges > MOST_EDGES),
        _marked(f"{connections:,}", over=shares["Postgres connections"] > 1),
        _marked(f"{shares[POSTGRES]:.0%}", over=shares[POSTGRES] > 1),
        _marked(f"{shares[REDIS]:.0%}", over=shares[REDIS] > 1),
        _fullest(part, shares[part.name]),
        part.change(stack).setting if shares[part.name] > 1 else "–",
        f"{stacks}",
        f"{stacks * last.stack.nodes(each, costs)}",
    )


def _fullest(part: Part, share: float) -> str:
    return _marked(f"{part.name}, {share:.0%}", over=share > 1)


def _spend(profile: Profile) -> Sequence[str]:
    rows = [60 * profile.demand(users).load.requests_per_second for users in USERS]
    return profile.name, *(f"{each:,.0f}" for each in rows), f"{_rate(SPEND_LOGS_KEPT / rows[-1])} min"


def _rate(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _marked(text: str, *, over: bool) -> str:
    return f"**{text}**" if over else text


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
