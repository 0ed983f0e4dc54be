"""All scenarios, in the order in which they run and are reported."""

from typing import Any

from benchmarks.comparison.scenario import Scenario
from benchmarks.comparison.scenarios.database import DATABASE
from benchmarks.comparison.scenarios.health import HEALTH
from benchmarks.comparison.scenarios.in_flight import IN_FLIGHT, STREAMS_IN_FLIGHT
from benchmarks.comparison.scenarios.load import LOAD, STREAMS
from benchmarks.comparison.scenarios.memory import MEMORY
from benchmarks.comparison.scenarios.program import PREVIEWS

SCENARIOS: tuple[Scenario[Any], ...] = (
    *(LOAD, STREAMS, IN_FLIGHT, STREAMS_IN_FLIGHT, DATABASE, HEALTH, MEMORY),
    *PREVIEWS,
)
