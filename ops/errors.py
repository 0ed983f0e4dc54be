"""How a command ends that cannot do its work: one sentence on standard error and status 1."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.automation import CommandError, ConcurrentUpdateError


class OperationError(Exception):
    """One sentence that names the cause or the cure."""


@contextmanager
def exit_with_one_sentence() -> Iterator[None]:
    """End the process with status 1 and the sentence of the error."""
    try:
        yield
    except OperationError as error:
        sys.exit(f"error: {error}")
    except ConcurrentUpdateError as error:
        # Below its first line Pulumi names who updates, and since when.
        sys.exit(without_password(str(error)[str(error).find("error:") :].strip()))
    except CommandError as error:
        sys.exit(pulumi_errors(str(error)))


def pulumi_errors(output: str) -> str:
    """Return the `error:` lines of a failed Pulumi command, without secrets.

    Secrets in them are values that differ from a plan, and the password in a backend's address.
    """
    lines = re.findall(r"^(?: stderr:)?\s*(error: (?:.*violates plan|.+))", output, flags=re.MULTILINE)
    return without_password("\n".join(line.strip() for line in lines) or output.strip())


def without_password(text: str) -> str:
    """Return a text with user and password removed from each address in it."""
    return re.sub(r"(?<=://)[^@/\s]*@", "****@", text)
