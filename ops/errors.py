"""How a command ends that cannot do its work: one sentence on standard error and status 1."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi import RunError
from pulumi.automation import CommandError, ConcurrentUpdateError

from components.settings.errors import printable


class OperationError(Exception):
    """One sentence that names the cause or the cure."""


@contextmanager
def exit_with_one_sentence() -> Iterator[None]:
    """End the process with status 1 and the sentence of the error."""
    try:
        yield
    except (OperationError, RunError) as error:
        # A wrong model is found where the catalogue is first asked for one.
        sys.exit(f"error: {error}")
    except ConcurrentUpdateError as error:
        # Below its first line Pulumi names who updates, and since when.
        sys.exit(without_password(str(error)[str(error).find("error:") :].strip()))
    except CommandError as error:
        sys.exit(pulumi_errors(str(error)))
    except RecursionError:
        sys.exit("error: a file refers to itself, or is nested too deeply")
    except OSError as error:
        sys.exit(f"error: {of_system(error)}")


def pulumi_errors(output: str) -> str:
    """Return the `error:` lines of a failed Pulumi command, without secrets.

    Secrets in them are values that differ from a plan, and the password in a backend's address.
    """
    lines = re.findall(r"^(?: stderr:)?\s*(error: (?:.*violates plan|.+:\n(?:  .+)|.+))", output, flags=re.MULTILINE)
    return without_password("\n".join(" ".join(line.split()) for line in lines) or output.strip())


def of_system(error: OSError) -> str:
    """Return what the operating system refused, such as `/mnt/plan.json: permission denied`."""
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    if isinstance(error, FileNotFoundError) and error.filename and "/" not in str(error.filename):
        return f"{error.filename}: there is no such program or file; `source .envrc`, or run bootstrap/run"
    return f"{printable(error.filename)}: {reason}" if error.filename else reason


def without_password(text: str) -> str:
    """Return a text with user and password removed from each address in it."""
    return re.sub(r"(?<=://)[^@/\s]*@", "****@", text)
