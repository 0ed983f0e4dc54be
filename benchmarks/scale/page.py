"""The generated parts of docs/scale.md, and its plot."""

from collections.abc import Mapping

from benchmarks.comparison.publish import plots
from benchmarks.result import REPORT
from benchmarks.scale import tables
from benchmarks.scale.anchors import anchors
from benchmarks.scale.parts import REDIS_CLIENTS
from benchmarks.scale.plot import TITLE, spec
from benchmarks.scale.profile import PROFILES
from benchmarks.scale.stack import (
    MOST_EDGES,
    MOST_NODES,
    MOST_REPLICAS,
    MOST_WORKERS,
    SURGE_NODES,
    Node,
    Stack,
    most,
)
from benchmarks.sizing.figures import COSTS
from benchmarks.sizing.page import UNMEASURED
from benchmarks.sizing.parts import INGRESS, PARTS
from benchmarks.sizing.report import Report
from bootstrap.project import ROOT
from components.data.postgres import MAX_CONNECTIONS
from components.edge.backends import MAX_REPLICAS
from components.edge.settings import EdgeSettings
from components.litellm.capacity import MOST_REQUESTS, REQUEST_MIB
from components.stack.costs import Costs
from components.stack.expected_load import UTILISATION
from components.stack.sizing import CONNECTIONS_RESERVED, OVERLAP
from tools.document import Document

PAGE = ROOT / "docs" / "scale.md"
PLOT = PAGE.with_suffix(".svg")


def parts(report: Report | None) -> Mapping[Document, str]:
    """Return the text of each generated part."""
    shown = {"assumptions": tables.assumptions().lines(), "formulas": formulas(), "ceilings": ceilings()}
    of_costs = ("growth", "needs", "spend", "measured")
    shown |= {name: [UNMEASURED] for name in of_costs} if report is None else figures(report)
    return {Document(PAGE, name): "\n".join(lines) for name, lines in shown.items()}


def write(report: Report) -> None:
    """Write the generated parts into the page, and draw its plot."""
    for document, text in parts(report).items():
        document.write(text)
    PLOT.write_text(plots.svg(spec(report.costs)))


def figures(report: Report) -> dict[str, list[str]]:
    """Return the parts that say what the costs mean."""
    costs = report.costs
    return {
        "growth": [f"![{TITLE}]({PLOT.name})", "", *tables.growth(costs).lines()],
        "needs": needs(costs),
        "spend": tables.spend().lines(),
        "measured": [*tables.measured(anchors(costs, REPORT)).lines(), "", *noise(report)],
    }


def needs(costs: Costs) -> list[str]:
    """Return a table a profile, each below its name."""
    found = list[str]()
    for profile in PROFILES:
        found += [f"**{profile.name.capitalize()}s**", "", *tables.needs(profile, costs).lines(), ""]
    return found[:-1]


def noise(report: Report) -> list[str]:
    """Return the sentence that names the costs of which a round had less than nothing."""
    texts = {cost.key: cost.text for cost in COSTS}
    found = [
        f"{texts[each.cost].rpartition(',')[0]} ({PARTS[each.part]})"
        for each in report.figures
        if each.low < 0 < each.median and each.part != INGRESS
    ]
    if not found:
        return []
    return [f"Some rounds measured less than nothing of these, so they are mostly noise: {', '.join(found)}."]


def formulas() -> list[str]:
    """Return the formulas with the constants that the checks of a preview use."""
    return f"""\
    requests/s           = users × requests an hour / 3600 × busiest minute
    requests in flight   = requests/s × seconds of an answer
    streams              = requests in flight × streamed share
    connections          = users × connections, or requests in flight
    busy processors      = requests/s × time of a request + streams × chunks/s × time of a chunk;
                           those of the edge also connections × time of an idle one
    workers              = busy processors of LiteLLM / {UTILISATION:g}
    replicas             = workers / workers of a replica, or requests in flight / places of a replica
    LiteLLM memory       = requests in flight × memory of one, of {REQUEST_MIB:g} MiB a place
    edges                = busy processors of the edge / {UTILISATION:g}, or connections / edge.max_connections, or 2
    Postgres connections = pool of a worker × workers of a replica × replicas × {OVERLAP} + {CONNECTIONS_RESERVED}
    Postgres processors  = busy processors of Postgres / {UTILISATION:g}
    Redis thread         = busy processors of Redis / {UTILISATION:g}
    Redis connections    = (pool of a worker + 1) × workers of a replica × replicas × {OVERLAP}
    nodes                = replicas + {SURGE_NODES} + all other busy processors / {UTILISATION:g} / {Node().processors}\
""".splitlines()


def ceilings() -> list[str]:
    """Return what one stack has at most, and what of it is a choice of this page."""
    node, stack = Node(), Stack()
    config, size = stack.litellm.config, f"{node.processors} processors and {node.memory_mib // 1024} GiB"
    pool = "pool of a worker:"
    edges = f"{stack.edge.max_connections:,} (at most {most(EdgeSettings, 'max_connections'):,})"
    rows = [
        ("`litellm.replicas`", f"{MOST_REPLICAS}", f"each edge has {MAX_REPLICAS} server slots, twice as many"),
        ("`litellm.workers` of a replica", f"{MOST_WORKERS}", f"here {node.workers}, which fill a node"),
        ("requests in flight at a replica", f"{MOST_REQUESTS:,}", f"here {stack.room_of_a_replica:,}"),
        ("`kubernetes.edge_replicas`", f"{MOST_EDGES}", "one thread each; on Docker there is one edge"),
        ("`edge.max_connections` of an edge", edges, "idle ones included"),
        ("`postgres.max_connections`", f"{MAX_CONNECTIONS:,}", f"{pool} {config.database_connection_pool_limit}"),
        ("Redis' own `maxclients`", f"{REDIS_CLIENTS:,}", f"{pool} {config.redis_connection_pool_limit}"),
        ("Postgres", f"{stack.postgres_processors} processors", "of its node"),
        ("Redis", "1 thread", "for all commands"),
        ("nodes", f"{MOST_NODES}", f"of {size}, all stacks together"),
    ]  # fmt: skip
    return tables.Table(("what", "at most", "note"), rows).lines()
