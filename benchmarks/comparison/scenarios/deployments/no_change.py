"""An update without a change: this program against a bare one that declares as many resources."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.metric import Metric
from benchmarks.comparison.figures.row import Values
from benchmarks.comparison.scenario import Group, Measure, Scenario, Sides
from benchmarks.comparison.sides import bare_program, compose_file
from benchmarks.comparison.sides.gateways import gateway_of
from testbed.gateway import running
from testbed.project import Project

STACK, BARE = "bench-no-change", "bench-bare"
IMAGE = "docker:index/remoteImage:RemoteImage"


@dataclass(frozen=True)
class Both:
    """Both programs, deployed."""

    own: Project
    bare: Project


def resources(exported: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the images of a stack's exported resources, and how many there are of each other type."""
    managed = [each for each in exported if each["custom"] and not each["type"].startswith("pulumi:")]
    images = [each["inputs"]["name"] for each in managed if each["type"] == IMAGE]
    return {"images": images, "counts": dict(Counter(each["type"] for each in managed if each["type"] != IMAGE))}


@contextmanager
def deployed(_effort: Effort) -> Iterator[Both]:
    """Deploy both; they are removed at the end, whatever became of them."""
    with tempfile.TemporaryDirectory(prefix=f"{BARE}-") as folder, gateway_of(STACK, compose_file.settings()) as own:
        bare = Project(Path(folder), BARE, {})
        shutil.copy(bare_program.__file__, bare.folder / "__main__.py")
        exported = json.loads(own.must("stack", "export").output)["deployment"]["resources"]
        (bare.folder / bare_program.RESOURCES).write_text(json.dumps(resources(exported)))
        with running(bare):
            yield Both(own, bare)


@contextmanager
def sides(both: Both, _effort: Effort) -> Iterator[Sides]:
    """Update each again."""

    def again(project: Project) -> Measure:
        def measure(_label: str) -> Values:
            return {"seconds": project.must("up", "--yes", "--skip-preview", "--expect-no-changes").seconds}

        return measure

    yield Sides(again(both.own), again(both.bare))


NO_CHANGE = Scenario(
    name="no-change",
    text="`pulumi up` without a change, with the settings of `updates`. The bare program reads none, and declares as"
    " many images, containers, volumes, networks and secrets without files, components and dependencies: Pulumi hardly"
    " takes less for so many.",
    a="this program",
    b="a bare program",
    group=Group("a gateway, and a bare program with as many resources", deployed),
    open=sides,
    metrics=(Metric("seconds", "run without a change, s: this program against a bare one"),),
)
