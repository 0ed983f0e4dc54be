"""A throwaway container whose failure is an operation's."""

import docker

from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer
from ops.errors import OperationError


class JobContainer(ThrowawayContainer):
    """A container that runs one program of an import and is removed."""

    def run(self, engine: docker.DockerClient) -> str:
        """Run it to its end, and return its standard output.

        Raises:
            OperationError: if it fails, with the last lines of its log.
        """
        try:
            return super().run(engine)
        except ProgramFailed as error:
            raise OperationError(str(error)) from error
