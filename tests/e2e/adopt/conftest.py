"""A stack that is adopted from the files of an existing deployment, and an old deployment with data."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.configuration import development
from testbed.engine_lock import exclusive, remove
from testbed.ports import free_ports
from testbed.project import CommandResult, Project
from tests.e2e.adopt.old_deployment import OldDeployment, old_deployment
from tests.e2e.adopt.old_files import write_files

STACK = "adopt"


@dataclass(frozen=True)
class Adopted:
    """The stack, the old files, and what `adopt` printed."""

    project: Project
    files: dict[str, Path]
    result: CommandResult
    before: dict[str, bytes]
    """The old files as they were."""

    @property
    def arguments(self) -> list[str]:
        """The options that name the old files."""
        return [word for option, file in self.files.items() for word in (option, str(file))]


def without_stack(folder: Path, stack: str = STACK) -> Project:
    """Return a copy of the project that has no stack of this name yet."""
    project = Project(folder, stack, development())
    project.must("stack", "rm", "--yes")
    project.config_file.unlink(missing_ok=True)
    return project


@pytest.fixture(scope="package")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adopted]:
    """The adopted stack, which does not run yet; at the end it is removed."""
    with exclusive(STACK):
        project = without_stack(tmp_path_factory.mktemp("adopt"))
        files = write_files(tmp_path_factory.mktemp("old"), *free_ports(2))
        before = {option: file.read_bytes() for option, file in files.items()}
        words = [word for option, file in files.items() for word in (option, str(file))]
        result = project.ops("adopt", STACK, *words, "--yes")
        try:
            yield Adopted(project, files, result, before)
        finally:
            if project.pulumi("destroy", "--yes", "--skip-preview", "--refresh").exit_code:
                remove(STACK)


@pytest.fixture(scope="package")
def gateway(adopted: Adopted) -> Project:
    """The adopted stack, running, with the mock provider in the place of the providers."""
    assert adopted.result.exit_code == 0, adopted.result.output
    project = adopted.project
    project.change("gateway:mock_provider.enabled", value=True)
    project.must_ops("preview")
    seconds = project.up().seconds
    print(f"\nadopted in {adopted.result.seconds:.1f} s, up after {seconds:.1f} s")
    return project


@pytest.fixture(scope="package")
def old() -> Iterator[OldDeployment]:
    """An old deployment with data."""
    with old_deployment() as deployment:
        yield deployment
