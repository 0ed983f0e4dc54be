"""Why a client could not use an external server, from the words of libpq, PgBouncer and redis-py."""

import re
from dataclasses import dataclass
from enum import Enum

LONGEST_REASON = 200
PREFIX = re.compile(r"^(.*?(FATAL|ERROR): +|.*?, port \d+ failed: |\w+(Error|Exception|Timeout): )")
"""What clients say before the cause."""


class Failure(Enum):
    """What is wrong; the value matches what the client says then. The first that fits counts."""

    WRONG_NAME = r"does not match host ?name|Hostname mismatch|IP address mismatch|certificate is not valid for"
    """The certificate is another server's."""
    UNTRUSTED = r"certificate verify failed|CERTIFICATE_VERIFY_FAILED"
    NO_TLS = r"does not support SSL|WRONG_VERSION_NUMBER|record layer failure|SSL required"
    """One side wants TLS and the other does not."""
    NO_DATABASE = r"database \"[^\"]*\" does not exist|no such database"
    LOGIN = (
        r"password authentication failed|SASL authentication failed|no such user|role \"[^\"]*\" does not exist"
        r"|WRONGPASS|invalid username-password|NOAUTH|Authentication required|AuthenticationError"
    )
    STARTUP_OPTIONS = r"unsupported startup parameter"
    """A PgBouncer does not pass on options."""
    NO_CLUSTER = r"cluster support disabled|Cluster mode is not enabled"
    NO_MASTER = r"MasterNotFoundError"
    """Sentinels do not know the service."""
    FULL = r"too many (clients|connections)|connection slots|no more connections allowed"
    RIGHTS = r"NOPERM|permission denied|no pg_hba\.conf entry|is not permitted to log in"
    UNREACHABLE = (
        r"could not translate host name|failed to resolve host|Name or service not known|Temporary failure in name"
        r"|[Cc]onnection refused|timed? ?out|[Tt]imeout|No route to host|[Nn]etwork is unreachable"
        r"|[Cc]onnection reset|closed the connection|closed by server|cannot be connected"
    )
    OTHER = r""


def failure(error: str) -> Failure:
    """Return what a client's error means."""
    return next(kind for kind in Failure if re.search(kind.value, error))


def shortened(error: str) -> str:
    """Return the last line of an error, which says most, without its hints, which are indented."""
    lines = [line.strip() for line in error.splitlines() if line.strip() and not line[0].isspace()]
    return PREFIX.sub("", lines[-1])[:LONGEST_REASON] if lines else "no reason given"


@dataclass(frozen=True)
class ServerPlace:
    """A server in the settings, and where it is."""

    path: str
    """Path of its settings, such as `postgres.external`."""
    host: str
    """Path of the setting that names it."""
    tls: str
    """Path of its TLS settings."""
    address: str
    """Host and port."""


def unusable(server: ServerPlace, error: str) -> str:
    """Return the sentence for a failure that any server may have."""
    reason = shortened(error)
    match failure(error):
        case Failure.WRONG_NAME:
            return f"{server.host}: the certificate of {server.address} has another name: {reason}"
        case Failure.UNTRUSTED:
            return f"{server.tls}.ca_file: does not verify the certificate of {server.address}: {reason}"
        case Failure.NO_TLS:
            return f"{server.tls}.mode: {server.address} offers no TLS"
        case Failure.UNREACHABLE:
            return f"{server.host}: {server.address} does not answer the engine's containers: {reason}"
        case _:
            return f"{server.path}: {server.address} cannot be used: {reason}"
