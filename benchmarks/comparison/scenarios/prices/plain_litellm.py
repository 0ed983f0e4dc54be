"""The gateway against LiteLLM alone, with the same database and Redis."""

from benchmarks.comparison.figures.metric import Goal
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.prices.copies import beside_gateway, cost
from benchmarks.comparison.sides.gateways import PAIR
from benchmarks.comparison.sides.variants import ALONE

PLAIN_LITELLM = Scenario(
    name="plain-litellm",
    text="The load of `load` on the gateway and on LiteLLM alone, with the same database and Redis and no edge."
    " LiteLLM alone gets a connection for each request, as from the edge: with kept ones, one worker may do most. The"
    " gateway is asked on its network, without Docker's proxy of host ports. Both have started just before; the first"
    " round warms up.",
    a="prod's gateway, with edge and monitoring",
    b="`litellm --config`, same models, database, Redis and workers; no edge, no hooks, no Prometheus, no"
    " health check; Uvicorn takes no worker for hung",
    group=PAIR,
    open=beside_gateway(ALONE, frozen=("edge", "monitoring")),
    # In the eighth, each worker of LiteLLM alone has had the 10,000 requests after which it ends, and callers time out.
    full_rounds=6,
    skipped_rounds=1,
    metrics=cost(
        "the gateway", "LiteLLM alone", (Goal(at_least=0.97), Goal(at_most=1.05), Goal(at_most=1.03)), headline=True
    ),
)
