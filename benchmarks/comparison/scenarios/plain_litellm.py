"""The gateway against LiteLLM alone, and what each guarantee costs: each side is a replica, the other one is frozen."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from docker.models.containers import Container

from benchmarks.comparison import beside
from benchmarks.comparison.beside import REPLICA, Variables, Variant
from benchmarks.comparison.effort import Effort
from benchmarks.comparison.gateways import PAIR, MeasuredGateway, Pair
from benchmarks.comparison.metric import Goal, Metric
from benchmarks.comparison.row import Values
from benchmarks.comparison.scenario import Measure, Scenario, Sides
from benchmarks.comparison.scenarios.load import completions
from benchmarks.comparison.usage import of_parts
from components.litellm.environment import WORKER_METRICS

LITELLM_ALONE = ". /run/secrets/environment && exec litellm --port 4000 --config /etc/gateway/config.yaml"
"""As LiteLLM's documentation starts it (https://docs.litellm.ai/docs/proxy/deploy)."""
HOOKS = "LITELLM_WORKER_STARTUP_HOOKS"
METRICS = "PROMETHEUS_"
"""Beginning of the variables that make a replica count for Prometheus."""


def without_metrics(config: dict[str, Any]) -> dict[str, Any]:
    """Return config.yaml without Prometheus."""
    settings = {name: value for name, value in config["litellm_settings"].items()
                if name not in ("callbacks", "prometheus_exclude_labels")}  # fmt: skip
    return {**config, "litellm_settings": settings}


def without_buffer(config: dict[str, Any]) -> dict[str, Any]:
    """Return config.yaml of a LiteLLM that writes its spend to Postgres directly."""
    return {**config, "general_settings": {**config["general_settings"], "use_redis_transaction_buffer": False}}


def unmonitored(variables: Variables) -> Variables:
    """Return the environment of a replica that Prometheus does not scrape."""
    hooks = [hook for hook in variables[HOOKS].split(",") if not hook.startswith(f"{WORKER_METRICS.stem}:")]
    return _without(variables, METRICS) | {HOOKS: ",".join(hooks)}


def without_hooks(variables: Variables) -> Variables:
    """Return the environment of a LiteLLM in which no program of this project runs."""
    return _without(variables, (HOOKS, "PYTHONPATH", METRICS))


def _without(variables: Variables, beginnings: str | tuple[str, ...]) -> Variables:
    return {name: value for name, value in variables.items() if not name.startswith(beginnings)}


ALONE = Variant(without_metrics, without_hooks, command=LITELLM_ALONE)
UNMONITORED = Variant(without_metrics, unmonitored)
UNBUFFERED = Variant(without_buffer)


@dataclass(frozen=True)
class Switch:
    """Lets one side run and freezes the other."""

    replica: tuple[Container, ...]
    """What runs only on side a."""
    copy: tuple[Container, ...]
    """What runs only on side b."""

    def to(self, running: tuple[Container, ...]) -> None:
        """Freeze what is of the other side alone."""
        for container in (*self.replica, *self.copy):
            container.reload()
            wanted = container in running
            if wanted and container.status == "paused":
                container.unpause()
            if not wanted and container.status == "running":
                container.pause()


def compared(
    variant: Variant | None, *, through_edge: bool = True, frozen: tuple[str, ...] = ()
) -> Callable[[Pair, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a comparison of the gateway's replica (a) with a copy of it (b).

    Args:
        variant: how the copy differs; None: side b is the replica itself, without the edge.
        through_edge: whether side a is asked through the edge. Side b never is.
        frozen: parts that side b does not have.
    """

    @contextmanager
    def opened(pair: Pair, effort: Effort) -> Iterator[Sides]:
        gateway = pair.prod
        with pair.only(gateway):
            replica = gateway.project.container(REPLICA)
            direct = replace(gateway, proxy_url=beside.url(replica))
            a = gateway if through_edge else direct
            if variant is None:
                yield Sides(partial(completions, a, effort), partial(completions, direct, effort))
                return
            with beside.created(gateway.project, variant) as copy:
                beside.start(copy)
                others = of_parts(gateway.containers, frozen)
                switch = Switch((replica, *others), (copy,))
                b = replace(gateway, proxy_url=beside.url(copy))
                try:
                    yield Sides(_side(switch, switch.replica, a, effort), _side(switch, switch.copy, b, effort))
                finally:
                    switch.to((*switch.replica, *switch.copy))

    return opened


def _side(switch: Switch, running: tuple[Container, ...], gateway: MeasuredGateway, effort: Effort) -> Measure:
    def measure(label: str) -> Values:
        switch.to(running)
        gateway.wait_until_it_answers()
        return completions(gateway, effort, label)

    return measure


@contextmanager
def starts(pair: Pair, _effort: Effort) -> Iterator[Sides]:
    """Start copies of the replica: one with its secrets as files, as it is, one with them in its environment."""

    def seconds(variant: Variant) -> Measure:
        def measure(_label: str) -> Values:
            with pair.only(pair.prod), beside.created(pair.prod.project, variant) as copy:
                return {"seconds": beside.start(copy)}

        return measure

    # `.` of the file is left out: the variables are there already.
    entrypoint = pair.prod.project.container(REPLICA).attrs["Config"]["Entrypoint"]
    command = entrypoint[-1].replace(". /run/secrets/environment && ", "")
    yield Sides(seconds(Variant()), seconds(Variant(command=command, secrets_in_environment=True)))


def cost(name: str, without: str, goals: tuple[Goal | None, Goal | None, Goal | None] = (None, None, None),
         *, headline: bool = False) -> tuple[Metric, ...]:  # fmt: skip
    """Return the rows of a price: rate, latency and processor time, with and without."""
    return (
        Metric("rate", f"{name}: requests/s, against {without}", goals[0], headline=headline),
        Metric("whole_p99", f"{name}: p99, ms, against {without}", goals[1], headline=headline),
        Metric("processor_all", f"{name}: processor seconds per 1,000 requests, against {without}", goals[2],
               headline=headline),
    )  # fmt: skip


def price(
    name: str, guarantee: str, without: str, opened: Callable[[Pair, Effort], AbstractContextManager[Sides]]
) -> Scenario[Pair]:
    """Describe what one guarantee costs while requests are served."""
    return Scenario(
        name=f"price-{name}",
        text=f"What {guarantee} costs, under the load of `load`.",
        a="prod's replica as it is",
        b=f"the same, {without}",
        group=PAIR,
        open=opened,
        metrics=cost(guarantee, without),
    )


PLAIN_LITELLM = Scenario(
    name="plain-litellm",
    text="The load of `load` on the gateway and on LiteLLM alone, with the same database and Redis and no edge.",
    a="prod's gateway, with edge and monitoring",
    b="`litellm --config`, same models, database, Redis and workers; no edge, no hooks, no Prometheus",
    group=PAIR,
    open=compared(ALONE, frozen=("edge", "monitoring")),
    metrics=cost(
        "the gateway", "LiteLLM alone", (Goal(at_least=0.97), Goal(at_most=1.05), Goal(at_most=1.03)), headline=True
    ),
)
PRICES = (
    price("edge", "the edge", "asked directly", compared(None)),
    price("monitoring", "monitoring", "without Prometheus and its exporters",
          compared(UNMONITORED, through_edge=False, frozen=("monitoring",))),
    price("buffer", "the buffer in Redis", "with `use_redis_transaction_buffer: false`",
          compared(UNBUFFERED, through_edge=False)),
    Scenario(
        name="price-secrets",
        text="What secrets as files cost: the start of a replica, until it is ready.",
        a="secrets as files",
        b="secrets as environment variables",
        group=PAIR,
        open=starts,
        metrics=(Metric("seconds", "start of a replica, s: secrets as files, against environment variables"),),
    ),
)  # fmt: skip
