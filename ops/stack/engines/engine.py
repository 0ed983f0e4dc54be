"""The engine of a stack, as commands see it. What only Kubernetes needs is imported for stacks that choose it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from pulumi.automation import Stack

from components.engine.engine import EngineKind
from components.engine.ownership import EngineObject
from ops.errors import OperationError
from ops.stack.config_file import engine_of
from ops.stack.engines.docker import DockerStack
from ops.stack.engines.part import RunningPart
from ops.stack.project import configuration_file, read_configuration

if TYPE_CHECKING:
    from ops.stack.engines.kubernetes import KubernetesStack

INSTALL = "bootstrap/run --kubernetes"


class StackEngine(Protocol):
    """What commands ask and change. Every method raises OperationError where the engine does not answer."""

    def objects(self) -> tuple[EngineObject, ...]:
        """Return what the engine has of the stack's name."""

    def remove(self, object_: EngineObject) -> None:
        """Remove an object with what it holds; one that is in use stays and is named."""

    def part(self, name: str, silence: int) -> AbstractContextManager[RunningPart | None]:
        """Open a part for commands in it.

        Args:
            name: the part's.
            silence: longest time without output of a command, in seconds.

        Returns:
            None inside, if it does not run.
        """

    def require_parts(self, stack: Stack) -> None:
        """Check that the engine has parts of a stack that was deployed before.

        Raises:
            OperationError: if it has none: another engine is named than the one that runs the stack, or all were
                removed.
        """

    def require_own_port(self, proxy_url: str) -> None:
        """Check that the stack itself answers where its key and load are sent.

        Raises:
            OperationError: if it does not.
        """

    def reachable_urls(self, urls: Mapping[str, str]) -> Mapping[str, str]:
        """Return the URLs by which this machine reaches ports of the gateway.

        Args:
            urls: name of a port, `proxy`, `health` or `https` → URL as the stack's outputs have it.
        """

    def fetch_images(self, references: Sequence[str]) -> None:
        """Make sure that the engine has images, or gets them.

        Raises:
            OperationError: if it does not.
        """


def stack_engine(name: str) -> StackEngine:
    """Return the engine of a stack.

    Raises:
        OperationError: if the stack has no configuration file, or its engine cannot be asked.
    """
    return cluster_of(name) if runs_on_cluster(name) else DockerStack(name)


def cluster_of(name: str) -> "KubernetesStack":
    """Return the namespace of a stack on a cluster.

    Raises:
        OperationError: if its settings name no cluster that can be asked, or a package is missing.
    """
    try:
        # A machine that uses Docker alone has no package of it.
        from ops.stack.engines.kubernetes import KubernetesStack  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise OperationError(
            f"{name} runs on Kubernetes and needs {error.name}, which is not installed: `{INSTALL}`"
        ) from error
    return KubernetesStack.of(name, read_configuration(configuration_file(name)))


def runs_on_cluster(name: str) -> bool:
    """Return whether a stack runs on Kubernetes.

    Raises:
        OperationError: if it has no configuration file.
    """
    return engine_of(read_configuration(configuration_file(name))) == EngineKind.KUBERNETES


def require_docker(name: str, instead: str) -> None:
    """Check that a stack runs on a Docker engine, for a command that knows nothing else.

    Args:
        name: the stack's.
        instead: what to do on a cluster.

    Raises:
        OperationError: if it does not, or has no configuration file.
    """
    if runs_on_cluster(name):
        raise OperationError(f"{name} runs on Kubernetes, and this command knows Docker alone; {instead}")
