"""Images of what stands beside a stack: each holds one program that is built of a Go module."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from bootstrap.offline.toolchain import find_go
from testbed.cluster.cluster import Cluster
from testbed.cluster.images import write_image
from testbed.cluster.programs import SOURCES, GoModule, build


def reference(module: GoModule, program: str) -> str:
    """Return the reference of the image of a module's program."""
    return f"localhost/{module.name}/{program}:1"


def path(program: str) -> str:
    """Return where an image has its program, from its root: where the vendors' images have it too."""
    return f"bin/{program}"


def load(cluster: Cluster, module: GoModule, programs: Iterable[str]) -> None:
    """Build a module, and give every node the images of its programs."""
    build((module,))
    for program in programs:
        archive = cluster.folder / "images" / f"{module.name}-{program}.tar"
        write_image(reference(module, program), module.program(program), archive, path(program))
        for node in cluster.nodes:
            node.run(("ctr", "-n", "k8s.io", "images", "import", str(archive)), stdout=subprocess.DEVNULL)


def sources(module: GoModule, package: str) -> Path:
    """Return the folder with the sources of a package that a module needs."""
    # It downloads what a build did not need.
    command = (str(find_go()), "mod", "download", "-json", package)
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    told = subprocess.run(
        command, cwd=SOURCES / module.name, env=environment, check=True, text=True, stdout=subprocess.PIPE
    )
    return Path(json.loads(told.stdout)["Dir"])
