"""What the parts of a gateway use for a request, a chunk and a connection: the figures that `make sizing` measured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

FILE = Path(__file__).with_name("costs.json")
"""Written by `make sizing`, of benchmarks/report/sizing.json."""

Parts = Mapping[str, float]
"""Part of the gateway → its value."""


@dataclass(frozen=True)
class Costs:
    """Measured costs: medians of several rounds."""

    request_ms: Parts
    """Processor time of a request that is not streamed."""
    chunk_ms: Parts
    """Processor time of a chunk of a stream."""
    connections_ms: Parts
    """Processor time of 1,000 idle connections in a second."""
    connections_mib: Parts
    """Memory of 1,000 idle connections."""
    in_flight_mib: Parts
    """Memory of a request in flight, whose body is small."""
    body_copies: Parts
    """Memory of a body, as a multiple of its size."""
    wide_body_copies: Parts
    """The same, of a body with an emoji."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Return the costs that costs.json holds."""
        return cls(**document)


def measured() -> Costs | None:
    """Return the costs that were measured last; None when none were."""
    return Costs.read(json.loads(FILE.read_text())) if FILE.exists() else None
