"""What switches of LiteLLM do to the cost of a request and of a streamed chunk, each alone."""

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.prices.copies import changed
from benchmarks.comparison.scenarios.promises.load import completions, streams
from benchmarks.comparison.sides.beside import Variant
from benchmarks.comparison.sides.gateways import PAIR, MeasuredGateway, Pair
from benchmarks.comparison.sides.variants import (
    ALL_METRICS,
    GRANIAN,
    HTTPTOOLS,
    LIMITS_EACH_TIME,
    PRICES_EACH_TIME,
    PYTHON_S_COLLECTIONS,
    SAVINGS_EACH_TIME,
    UNINDEXED,
    UVICORN,
    WITHOUT_AIOHTTP,
    WITHOUT_USER_AGENT_TAGS,
)


def requests_and_chunks(gateway: MeasuredGateway, effort: Effort, label: str) -> Values:
    """Measure plain completions, then streams."""
    gateway.provider()
    plain = completions(gateway, effort, f"{label} completions")
    streamed = streams(gateway, effort, f"{label} streams")
    return {"rate": plain["rate"], "request": plain["processor_litellm"], "chunk": streamed["processor_litellm"]}


def switch(name: str, what: str, variant: Variant) -> Scenario[Pair]:
    """Describe the comparison of a replica with a changed one. A ratio above 1: the change saves time."""
    return Scenario(
        name=f"switch-{name}",
        text="The loads of `load` and `streams` on two copies of a replica, asked directly, by a connection for each"
        " request.",
        a="as prod's",
        b=f"the same, {what}",
        group=PAIR,
        open=changed(variant, requests_and_chunks),
        metrics=(
            Metric("request", f"LiteLLM's processor seconds per 1,000 requests, against the same {what}"),
            Metric("chunk", f"LiteLLM's processor seconds per 100,000 chunks, against the same {what}"),
            Metric("rate", f"requests/s, against the same {what}"),
        ),
    )


SWITCHES = (
    # What the measurement itself makes of two equal copies.
    switch("control", "unchanged, as a control", Variant()),
    switch("granian", "with Granian in place of Gunicorn", GRANIAN),
    switch("uvicorn", "with Uvicorn alone", UVICORN),
    switch("parser", "with httptools in place of h11", HTTPTOOLS),
    switch("garbage", "with garbage collections as Python has them", PYTHON_S_COLLECTIONS),
    switch("model-lookup", "with LiteLLM's own lookup of Ollama's models", UNINDEXED),
    switch("model-prices", "with prices registered at each request, as LiteLLM does", PRICES_EACH_TIME),
    switch("saved-spend", "with savings computed for each sum, as LiteLLM does", SAVINGS_EACH_TIME),
    switch(
        "rate-limit-metrics", "with series of rate limits removed at each request, as LiteLLM does", LIMITS_EACH_TIME
    ),
    switch("metrics", "with all of LiteLLM's metrics", ALL_METRICS),
    switch("user-agent-tags", "without tags for the User-Agent header", WITHOUT_USER_AGENT_TAGS),
    switch("aiohttp", "with httpx's own transport in place of aiohttp's", WITHOUT_AIOHTTP),
)
