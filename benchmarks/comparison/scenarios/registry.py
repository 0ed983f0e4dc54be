"""All scenarios, in the order in which they run and are reported."""

from typing import Any

from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.deployments.day import DAY
from benchmarks.comparison.scenarios.deployments.no_change import NO_CHANGE
from benchmarks.comparison.scenarios.deployments.replicas import FIRST_UPDATES
from benchmarks.comparison.scenarios.deployments.updates import UPDATES
from benchmarks.comparison.scenarios.prices.dump import PRICE_OF_DUMP
from benchmarks.comparison.scenarios.prices.guarantees import PRICES
from benchmarks.comparison.scenarios.prices.plain_litellm import PLAIN_LITELLM
from benchmarks.comparison.scenarios.prices.switches import SWITCHES
from benchmarks.comparison.scenarios.program import MOST_MODELS, PREVIEWS
from benchmarks.comparison.scenarios.promises.database import DATABASE
from benchmarks.comparison.scenarios.promises.health import HEALTH
from benchmarks.comparison.scenarios.promises.idle import IDLE_GATEWAY
from benchmarks.comparison.scenarios.promises.in_flight import IN_FLIGHT, STREAMS_IN_FLIGHT
from benchmarks.comparison.scenarios.promises.load import LOAD, STREAMS
from benchmarks.comparison.scenarios.promises.memory import MEMORY
from benchmarks.comparison.scenarios.promises.settings import SETTINGS

SCENARIOS: tuple[Scenario[Any], ...] = (
    *(LOAD, STREAMS, IN_FLIGHT, STREAMS_IN_FLIGHT, DATABASE, HEALTH, IDLE_GATEWAY, MEMORY),
    *(PLAIN_LITELLM, *PRICES, *SWITCHES, PRICE_OF_DUMP, *SETTINGS),
    UPDATES,
    DAY,
    NO_CHANGE,
    *PREVIEWS,
    *FIRST_UPDATES,
)
QUICK: tuple[Scenario[Any], ...] = (LOAD, IN_FLIGHT, DATABASE, HEALTH, MEMORY, PLAIN_LITELLM, MOST_MODELS)
"""Those of a quick run. It leaves out what takes minutes, and what another one tries with the same code."""
