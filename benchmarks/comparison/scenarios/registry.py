"""All scenarios, in the order in which they run and are reported."""

from typing import Any

from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.database import DATABASE
from benchmarks.comparison.scenarios.dump import PRICE_OF_DUMP
from benchmarks.comparison.scenarios.health import HEALTH
from benchmarks.comparison.scenarios.in_flight import IN_FLIGHT, STREAMS_IN_FLIGHT
from benchmarks.comparison.scenarios.load import LOAD, STREAMS
from benchmarks.comparison.scenarios.memory import MEMORY
from benchmarks.comparison.scenarios.plain_litellm import PLAIN_LITELLM
from benchmarks.comparison.scenarios.prices import PRICES
from benchmarks.comparison.scenarios.program import PREVIEWS
from benchmarks.comparison.scenarios.switches import SWITCHES
from benchmarks.comparison.scenarios.updates import UPDATES

SCENARIOS: tuple[Scenario[Any], ...] = (
    *(LOAD, STREAMS, IN_FLIGHT, STREAMS_IN_FLIGHT, DATABASE, HEALTH, MEMORY),
    *(PLAIN_LITELLM, *PRICES, *SWITCHES, PRICE_OF_DUMP, UPDATES),
    *PREVIEWS,
)
