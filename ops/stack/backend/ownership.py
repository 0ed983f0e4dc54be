"""Whether what the engine has of a stack's name belongs to the stack's state."""

from dataclasses import dataclass

from pulumi.automation import Stack

from components.engine.ownership import EngineObject, foreign_objects, refusal
from ops.errors import OperationError
from ops.stack.engines.engine import StackEngine, stack_engine
from ops.stack.state import Deployment, recorded_resources, stack_identity


@dataclass(frozen=True)
class Ownership:
    """The objects of a stack's name on the engine."""

    stack: str
    objects: tuple[EngineObject, ...]
    foreign: tuple[EngineObject, ...]
    """Those that another state made. No command touches them."""

    def require_own(self) -> None:
        """Refuse to go on where objects are another state's.

        Raises:
            OperationError: names them, and the ways on.
        """
        if self.foreign:
            raise OperationError(f"{self.stack}: {self.sentence()}")

    def sentence(self) -> str:
        """Return what is foreign, in words."""
        return refusal(self.stack, self.foreign, self.objects)


def find_ownership(name: str, deployment: Deployment | None) -> Ownership:
    """Compare the state with the engine.

    Raises:
        OperationError: if the engine does not answer.
    """
    return _compare(name, stack_objects(name), deployment)


def require_own_objects(stack: Stack) -> None:
    """Refuse to go on where the engine has objects that another state made.

    Raises:
        OperationError: names them, and the ways on.
    """
    find_ownership(stack.name, stack.export_stack().deployment).require_own()


def require_no_objects(name: str, engine: StackEngine | None = None) -> None:
    """Refuse to make a state of a stack whose objects run already.

    Args:
        name: the stack's.
        engine: where a stack is to run that has no configuration file yet; None: where its file says.

    Raises:
        OperationError: names them, and the ways on.
    """
    _compare(name, engine.objects() if engine else stack_objects(name), None).require_own()


def stack_objects(name: str) -> tuple[EngineObject, ...]:
    """Return the containers, networks and volumes of a stack's name, or the objects of its namespace.

    Raises:
        OperationError: if the engine does not answer.
    """
    return stack_engine(name).objects()


def _compare(name: str, objects: tuple[EngineObject, ...], deployment: Deployment | None) -> Ownership:
    own = {resource.id for resource in recorded_resources(deployment)}
    return Ownership(name, objects, tuple(foreign_objects(objects, own, stack_identity(deployment))))
