"""The architecture: which folder may import which, and how many files a folder holds."""

import re
from pathlib import Path

import pytest

from tests.unit.program import PROJECT
from tests.unit.syntax import imported

ORDER = (
    *("settings", "images", "engine", "secrets", "identity", "data", "releases", "models"),
    *("mock_provider", "litellm", "edge", "monitoring", "stack"),
)
"""Folders and files of components/, from the ground to the roof: each may import itself and those before it."""

UPPER = ("bootstrap", "ops", "tools", "benchmarks", "testbed", "tests")
"""What components/ may not import."""

MOST_ENTRIES = {"components": 14, "ops": 12}
MOST_FILES = 12
MORE_FILES = {
    "components/data/dump": 14,
    "ops/cli": 17,
}
"""Folders that may hold more than MOST_FILES: a file for each program or command."""
BARE_PROGRAM = "benchmarks/comparison/sides/bare_program.py"
"""A Pulumi program of its own. A benchmark compares the project's program with it."""


def sources(folder: str) -> list[Path]:
    """Return the Python files below a folder, sorted."""
    return sorted((PROJECT / folder).rglob("*.py"))


def place(file: Path) -> str:
    """Return which of ORDER a file of components/ belongs to; `__init__` for the package itself."""
    return Path(file.relative_to(PROJECT / "components").parts[0]).stem


def relative(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


COMPONENTS = sources("components")
OUTSIDE_TESTS = [file for folder in ("components", *UPPER[:-1]) for file in sources(folder)] + [PROJECT / "__main__.py"]


def test_files_are_found() -> None:
    assert len(COMPONENTS) > 50
    assert {"components", "ops", "bootstrap", "benchmarks"} <= {relative(file).split("/")[0] for file in OUTSIDE_TESTS}


def test_order_names_every_folder_of_components() -> None:
    assert {place(file) for file in COMPONENTS} == {"__init__", *ORDER}


def later_folders(file: Path) -> set[str]:
    """Return the folders after its own that a file of components/ imports."""
    allowed = ORDER[: ORDER.index(place(file)) + 1] if place(file) in ORDER else ORDER
    return {name[1] for name in imported(file) if name[0] == "components" and len(name) > 1} - set(allowed)


def test_components_import_only_their_own_folder_and_those_before() -> None:
    assert {relative(file): later for file in COMPONENTS if (later := later_folders(file))} == {}


def test_components_import_nothing_above_them() -> None:
    above = {(relative(file), name[0]) for file in COMPONENTS for name in imported(file) if name[0] in UPPER}
    assert above == set()


def test_only_the_docker_engine_imports_pulumi_docker() -> None:
    users = {relative(file) for file in OUTSIDE_TESTS for name in imported(file) if name[0] == "pulumi_docker"}
    assert users - {BARE_PROGRAM} == {
        f"components/engine/docker/{name}.py" for name in ("engine", "file_volumes", "networks", "provider")
    }


def test_only_kubernetes_engine_imports_what_only_kubernetes_needs() -> None:
    users = {
        relative(file): name[0]
        for file in OUTSIDE_TESTS
        for name in imported(file)
        if name[0] in ("kubernetes", "pulumi_kubernetes", "urllib3", "websocket")
    }
    folder = "components/engine/kubernetes"
    assert users.keys() == {f"{folder}/cluster/client.py", f"{folder}/register.py"}


@pytest.mark.parametrize(("one", "other"), [("docker", "kubernetes"), ("kubernetes", "docker")])
def test_an_engine_imports_nothing_of_the_other(one: str, other: str) -> None:
    users = {
        relative(file)
        for file in sources(f"components/engine/{one}")
        for name in imported(file)
        if name[:3] == ("components", "engine", other)
    }
    assert users == set()


def test_only_the_roofs_import_kubernetes_engine() -> None:
    """Anything else would make a machine that uses Docker alone load its packages."""
    users = {
        relative(file)
        for file in OUTSIDE_TESTS
        for name in imported(file)
        if name[:3] == ("components", "engine", "kubernetes") and name[3:4] != ("settings",)
    }
    assert {user for user in users if not user.startswith("components/engine/kubernetes/")} == {
        "components/stack/engine.py",
        "ops/stack/engines/kubernetes.py",
        # Only that one imports them.
        "ops/stack/engines/pod_images.py",
        "ops/stack/engines/pod_part.py",
    }


def test_only_the_connection_opens_clients_of_docker() -> None:
    opening = re.compile(r"\bfrom_env\(|\b(DockerClient|APIClient)\(")
    users = {relative(file) for file in OUTSIDE_TESTS if opening.search(file.read_text())}
    # The tests start a second engine, which no environment names.
    assert users == {"components/engine/connection/client.py", "testbed/own_engine.py"}


def test_nothing_outside_tests_imports_tests() -> None:
    assert {relative(file) for file in OUTSIDE_TESTS for name in imported(file) if name[0] == "tests"} == set()


def entries(folder: Path) -> set[str]:
    """Return the names in a folder, without Python's cache."""
    return {path.name for path in folder.iterdir()} - {"__pycache__"}


@pytest.mark.parametrize("folder", MOST_ENTRIES)
def test_package_has_few_entries(folder: str) -> None:
    assert len(entries(PROJECT / folder)) <= MOST_ENTRIES[folder]


def test_folder_has_at_most_a_dozen_files() -> None:
    folders = [path for name in MOST_ENTRIES for path in (PROJECT / name).rglob("*") if path.is_dir()]
    counts = {relative(path): len(entries(path) - {"__init__.py"}) for path in folders if path.name != "__pycache__"}
    assert counts
    assert {path: count for path, count in counts.items() if count > MORE_FILES.get(path, MOST_FILES)} == {}
