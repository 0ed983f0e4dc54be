"""Locked requirements: each .txt holds what its .in asks for, and a hash of every file that may be installed."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from bootstrap.project import ROOT
from components.images.built import RECIPES
from components.images.catalog import IMAGES

FILES = (
    ROOT / "requirements.txt",
    ROOT / "requirements-dev.txt",
    ROOT / "requirements-kubernetes.txt",
    ROOT / "bootstrap/offline/requirements.txt",
    RECIPES / "litellm" / "requirements.txt",
)
PIN = re.compile(r"(?m)^([\w.-]+)(?:\[[\w,.-]+\])?==([\w.]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def direct(locked: Path) -> dict[str, str]:
    """Return the version of each package that the .in file names; a line that pins none fails."""
    lines = locked.with_suffix(".in").read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith(("#", "-c "))]
    return {normalize(name.partition("[")[0]): version for name, version in pins}


def pinned(locked: Path) -> dict[str, str]:
    return {
        normalize(name): version
        for name, version in re.findall(r"(?m)^([\w.-]+)(?:\[[\w,.-]+\])?==([\w.]+)", locked.read_text())
    }


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_lock_has_each_direct_requirement(file: Path) -> None:
    assert direct(file).items() <= pinned(file).items()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_locked_package_has_a_hash(file: Path) -> None:
    text = re.sub(r"(?m)^ *#.*\n", "", file.read_text()).replace("\\\n", " ")
    for line in text.splitlines():
        assert PIN.match(line), line
        assert HASH.search(line), line


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
@pytest.mark.parametrize("word", ["://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host"])
def test_requirements_name_no_registry(file: Path, word: str) -> None:
    assert word not in file.read_text()
    assert word not in file.with_suffix(".in").read_text()


@pytest.mark.parametrize(("one", "other"), list(combinations(FILES[:3], 2)), ids=lambda file: file.name)
def test_locks_of_one_environment_agree(one: Path, other: Path) -> None:
    known, more = pinned(one), pinned(other)
    both = known.keys() & more
    assert {name: known[name] for name in both} == {name: more[name] for name in both}


def test_litellm_recipe_locks_the_catalogue_s_version() -> None:
    assert pinned(RECIPES / "litellm" / "requirements.txt")["litellm"] == IMAGES["litellm"].version


@pytest.mark.parametrize("folder", ["prisma", "generate"])
def test_npm_packages_have_hashes_and_name_no_registry(folder: str) -> None:
    lock = json.loads((RECIPES / "litellm" / folder / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_lock_names_extras_so_that_a_new_release_breaks_no_installation(file: Path) -> None:
    """Where no line names `package[extra]`, pip takes its newest release, and refuses that for want of a hash."""
    assert "--no-strip-extras" in file.read_text().splitlines()[1]
