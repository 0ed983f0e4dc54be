"""The passphrase that encrypts the secrets in the stacks' state."""

import os
import secrets
from dataclasses import dataclass

from bootstrap.execution.shell import Shell
from bootstrap.project import PASSPHRASE


@dataclass(frozen=True)
class MakePassphrase:
    """Write .passphrase: 32 random bytes as URL-safe text, readable only by its owner. An existing one is kept."""

    def run(self, shell: Shell) -> None:
        """Write the file unless it exists."""
        try:
            file = os.open(PASSPHRASE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(file, "w") as stream:
            stream.write(secrets.token_urlsafe(32))
        shell.write(f"made {PASSPHRASE.name}; without it the stacks' secrets cannot be read: keep a copy elsewhere\n")

    def __str__(self) -> str:
        return "write .passphrase"
