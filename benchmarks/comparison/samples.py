"""The rounds of a scenario, on disk as they are measured: an interrupted run goes on, and all figures come of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.comparison.figures.row import Round


@dataclass(frozen=True)
class Run:
    """What has to be the same for rounds to belong together."""

    effort: str
    commit: str
    """Of the project; `+` at its end: with changes that are not committed."""
    machine: str
    versions: Mapping[str, str] = field(default_factory=dict)
    """Of the engine, the images and the programs, by name."""
    text: str = ""
    """What was measured, as the scenario says it."""
    a: str = ""
    """What side a was."""
    b: str = ""

    @property
    def committed(self) -> bool:
        """Whether the commit says all of what ran."""
        return not self.commit.endswith("+")


@dataclass(frozen=True)
class Samples:
    """One scenario's file of rounds."""

    file: Path
    run: Run

    def read(self) -> list[Round]:
        """Return the rounds that an interrupted run of the same kind has measured; none of another."""
        found = stored(self.file)
        return found[1] if found and found[0] == self.run else []

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


def stored(file: Path) -> tuple[Run, list[Round]] | None:
    """Return what a file's rounds were measured on, and the rounds; None where there is no such file."""
    if not file.exists():
        return None
    document = json.loads(file.read_text())
    return Run(**document["run"]), [Round(**each) for each in document["rounds"]]
