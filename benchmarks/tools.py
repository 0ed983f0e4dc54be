"""Programs that only benchmarks and tests need, built from Go modules into .cache/benchmarks."""

import os
import subprocess
from enum import Enum
from pathlib import Path

from bootstrap.offline import find_go
from bootstrap.project import ROOT

FOLDER = ROOT / ".cache" / "benchmarks"


class Tool(Enum):
    """A program, with the package that it is built from. Its Go module is benchmarks/go/NAME, up to the first _."""

    VEGETA = "github.com/tsenart/vegeta/v12"
    """Open-loop load: it sends at its rate, however slow the answers are (https://github.com/tsenart/vegeta)."""
    OTELCOL = "."
    """The OpenTelemetry Collector with a receiver and an exporter that prints (https://opentelemetry.io/docs/collector)."""
    COMPOSE = "github.com/docker/compose/v2/cmd"
    """Docker Compose v2, to compare with (https://github.com/docker/compose)."""
    PEBBLE = "github.com/letsencrypt/pebble/v2/cmd/pebble"
    """Let's Encrypt's ACME server for tests (https://github.com/letsencrypt/pebble)."""
    PEBBLE_CHALLTESTSRV = "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv"
    """Pebble's name server."""

    @property
    def path(self) -> Path:
        """Where the built program is."""
        return FOLDER / "bin" / self.name.lower()

    def build(self) -> str:
        """Build the program unless it is there; return its path.

        Raises:
            RuntimeError: when there is no Go, or the compiler fails.
        """
        if self.path.exists():
            return str(self.path)
        if not (go := find_go()):
            raise RuntimeError(f"{self.name.lower()} needs Go to be built: `bootstrap/run` installs one")
        print(f"building {self.name.lower()} from {self.value}", flush=True)
        built = subprocess.run(
            [go, "build", "-o", str(self.path), self.value],
            cwd=ROOT / "benchmarks" / "go" / self.name.lower().partition("_")[0],
            env={**os.environ, "GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if built.returncode:
            raise RuntimeError(f"{self.name.lower()} was not built:\n{built.stderr[-2000:]}")
        return str(self.path)
