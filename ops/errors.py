"""How a verb ends when it cannot do its work: one sentence on standard error and a non-zero exit."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.automation import CommandError, ConcurrentUpdateError


class OperationError(Exception):
    """One sentence that names the cause or the cure."""


@contextmanager
def as_one_sentence() -> Iterator[None]:
    """End the process with status 1 and the sentence."""
    try:
        yield
    except OperationError as failure:
        sys.exit(f"error: {failure}")
    except ConcurrentUpdateError as error:
        # Below its first line Pulumi says who updates, and since when.
        sys.exit(without_password(str(error)[str(error).find("error:") :].strip()))
    except CommandError as error:
        sys.exit(pulumi_errors(str(error)))


def pulumi_errors(output: str) -> str:
    """Give the `error:` lines of a Pulumi command that failed, without what is secret in them.

    That is the values that differ from a plan, and the password in the address of a backend that does not answer.
    """
    lines = re.findall(r"^(?: stderr:)?\s*(error: (?:.*violates plan|.+))", output, flags=re.MULTILINE)
    return without_password("\n".join(line.strip() for line in lines) or output.strip())


def without_password(text: str) -> str:
    """Take user and password out of each address in a text: a database's holds them."""
    return re.sub(r"(?<=://)[^@/\s]*@", "****@", text)
