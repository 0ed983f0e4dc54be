"""The rounds of a scenario, kept on disk as they are measured, so that an interrupted run goes on where it ended."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.comparison.figures.row import Round


@dataclass(frozen=True)
class Run:
    """What has to be the same for rounds to belong together."""

    effort: str
    commit: str
    """Of the project; `+` at its end: with changes that are not committed."""
    machine: str


@dataclass(frozen=True)
class Samples:
    """One scenario's file of rounds."""

    file: Path
    run: Run

    def read(self) -> list[Round]:
        """Return the rounds that an interrupted run of the same kind has measured; none of another."""
        if not self.file.exists():
            return []
        document = json.loads(self.file.read_text())
        if document["run"] != asdict(self.run):
            return []
        return [Round(**each) for each in document["rounds"]]

    def write(self, rounds: Sequence[Round]) -> None:
        """Keep the rounds. The file is replaced as a whole: an interrupt leaves the one before."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        document = {"run": asdict(self.run), "rounds": [asdict(each) for each in rounds]}
        half = self.file.with_suffix(".part")
        half.write_text(json.dumps(document, indent=1) + "\n")
        half.replace(self.file)

    def clear(self) -> None:
        """Begin anew."""
        self.file.unlink(missing_ok=True)
