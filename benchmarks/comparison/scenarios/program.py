"""How long the program itself takes: previews of stacks with more models and more replicas."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Goal, Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Measure, Scenario, Sides
from testbed.configuration import edge_ports, read
from testbed.project import Project

STACK = "bench-preview"
MODELS = 18
"""Of the catalogue."""
FOLDER = "stacks/models"


@dataclass(frozen=True)
class Size:
    """How large a stack is."""

    models: int = MODELS
    replicas: int = 1

    @property
    def text(self) -> str:
        """The size in words."""
        return f"{self.models:,} models, {self.replicas} replica{'s' if self.replicas > 1 else ''}"


class Sized(Protocol):
    """Does something with a stack of a size, and measures how long it takes."""

    def seconds(self, size: Size) -> Values:
        """Return the seconds."""


def configuration(size: Size) -> dict[str, Any]:
    """Return dev's settings for a stack of this size."""
    config = read("dev") | {"gateway:edge": edge_ports()}
    config["gateway:litellm"] |= {"replicas": size.replicas, "config": {"database_connection_pool_limit": 10}}
    return config


def copies(files: Mapping[str, str], models: int) -> dict[str, str]:
    """Return a catalogue of so many models: the files as they are, then copies under other names."""
    names = sorted(files)
    found = dict(files)
    for number in range(models - len(names)):
        source = names[number % len(names)]
        found[f"{Path(source).stem}-copy-{number}.yaml"] = files[source]
    return found


class Previews:
    """A copy of the project for each size, whose stack was never deployed."""

    def __init__(self, folder: Path) -> None:
        """Keep the copies in the folder."""
        self.folder = folder
        self.projects: dict[Size, Project] = {}

    def seconds(self, size: Size) -> Values:
        """Preview a stack of this size; return the seconds that it took."""
        if size not in self.projects:
            self.projects[size] = self._project(size)
        return {"seconds": self.projects[size].must("preview").seconds}

    def _project(self, size: Size) -> Project:
        folder = self.folder / f"{size.models}-{size.replicas}"
        folder.mkdir()
        project = Project(folder, STACK, configuration(size))
        models = project.folder / FOLDER
        files = {file.name: file.read_text() for file in models.glob("*.yaml")}
        for name, text in copies(files, size.models).items():
            (models / name).write_text(text)
        # The first preview would compile the copied sources.
        compiled = project.run((sys.executable, "-m", "compileall", "-q", "components", "__main__.py"))
        assert compiled.exit_code == 0, compiled.output
        return project


@contextmanager
def previews(_effort: Effort) -> Iterator[Previews]:
    """Make room for the copies; they are removed at the end."""
    with tempfile.TemporaryDirectory(prefix=f"{STACK}-") as folder:
        yield Previews(Path(folder))


PROGRAM = Group("previews", previews)


def sizes(a: Size, b: Size) -> Callable[[Sized, Effort], AbstractContextManager[Sides]]:
    """Return the opener of a comparison of two sizes."""

    @contextmanager
    def opened(environment: Sized, _effort: Effort) -> Iterator[Sides]:
        def of(size: Size) -> Measure:
            return lambda _label: environment.seconds(size)

        yield Sides(of(a), of(b))

    return opened


def preview(name: str, what: str, a: Size, goal: float, *, headline: bool = False) -> Scenario[Previews]:
    """Describe the comparison of a larger stack with the smallest."""
    return Scenario(
        name=name,
        text=f"Preview of a stack that was never deployed, {what}.",
        a=a.text,
        b=Size().text,
        group=PROGRAM,
        open=sizes(a, Size()),
        metrics=(Metric("seconds", f"preview, s: {what}", Goal(at_most=goal), headline=headline),),
    )


MOST_MODELS = preview("preview-1800-models", "1,800 models against 18", Size(models=1800), 1.5, headline=True)
PREVIEWS = (
    preview("preview-180-models", "180 models against 18", Size(models=180), 1.5),
    MOST_MODELS,
    preview("preview-4-replicas", "4 replicas against 1", Size(replicas=4), 4),
    preview("preview-16-replicas", "16 replicas against 1", Size(replicas=16), 16),
)
