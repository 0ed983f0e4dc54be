"""The table of what became of each key."""

from ops.adopt.draft import Draft, Place
from ops.adopt.table import table


def test_neighbours_with_one_outcome_share_a_row_and_all_are_counted() -> None:
    draft = Draft("mine")
    draft.set("litellm.workers", 2, Place(".env", ("NUM_WORKERS",), 1))
    for line, name in ((2, "REDIS_HOST"), (3, "REDIS_PORT")):
        draft.by_gateway(Place(".env", (name,), line), "own Redis")
    draft.no_counterpart(Place(".env", ("X",), 4), "is empty")
    keys = {".env": [(("NUM_WORKERS",), 1), (("REDIS_HOST",), 2), (("REDIS_PORT",), 3), (("X",), 4), (("Y",), 5)]}
    assert table(draft, keys).splitlines()[2:] == [
        ".env:",
        "     1  NUM_WORKERS  → litellm.workers",
        "     2  REDIS_HOST, REDIS_PORT  = own Redis",
        "     4  X  ✗ is empty",
        "     5  Y  ✗ not understood",
        "",
        "5 keys: 1 →, 2 =, 2 ✗",
    ]
