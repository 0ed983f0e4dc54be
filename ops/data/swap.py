"""The swap of the live database with a restored one. It begins only while the command that asked for it still runs."""

import secrets
import sys
from dataclasses import dataclass, field

from rich.console import Console

from ops.data.steps import run_steps
from ops.stack.engines.part import CommandFailed, RunningPart

SWAP_STEP = "taking the live database's place"
"""The step of restore.sh before which it waits for the go-ahead."""


@dataclass
class Swap:
    """One restore of a dump that is in the volume."""

    part: RunningPart
    console: Console
    dump: str
    """Its name."""
    go_ahead: str = field(default_factory=lambda: f"/tmp/restore-{secrets.token_hex(8)}")  # noqa: S108 - a container's
    """The file that restore.sh waits for."""
    given: bool = False
    """Whether the go-ahead was given."""

    def run(self, *, drop_old: bool) -> str:
        """Restore the dump and swap the databases; return the name that the old one has then."""
        arguments = (self.dump, "drop-old" if drop_old else "keep-old", self.go_ahead)
        try:
            return run_steps(self.part, self.console, "restore.sh", *arguments, begun=self._begun)
        except BaseException as error:
            # With a reason of its own restore.sh says what stands.
            if self.given and not (isinstance(error, CommandFailed) and error.reason):
                print(f"the swap had begun, and may be done: expect the data of {self.dump}", file=sys.stderr)
            raise

    def _begun(self, step: str) -> None:
        if step == SWAP_STEP:
            self.given = True
            self.part.run(lambda _: None, "touch", self.go_ahead, name="the go-ahead")
