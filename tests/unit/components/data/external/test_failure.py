"""What the words of libpq, PgBouncer and redis-py mean. They are those of the real programs."""

import pytest

from components.data.external.failure import LONGEST_REASON, Failure, failure, shortened

UNVERIFIED = "ConnectionError: Error 1 connecting to x:1. [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
SERVER = 'OperationalError: connection failed: connection to server at "172.17.0.1", port 5432 failed: '
NAMES = 'server certificate for "db.example.com" does not match host name "172.17.0.1"'


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (f"{SERVER}{NAMES}", Failure.WRONG_NAME),
        (f"{SERVER}SSL error: certificate verify failed", Failure.UNTRUSTED),
        (f"{SERVER}server does not support SSL, but SSL was required", Failure.NO_TLS),
        (f'{SERVER}FATAL:  password authentication failed for user "u"', Failure.LOGIN),
        (f"{SERVER}FATAL:  SASL authentication failed", Failure.LOGIN),
        (f'{SERVER}FATAL:  database "d" does not exist', Failure.NO_DATABASE),
        (f"{SERVER}FATAL:  unsupported startup parameter: options", Failure.STARTUP_OPTIONS),
        (f"{SERVER}FATAL:  sorry, too many clients already", Failure.FULL),
        (f'{SERVER}FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "u"', Failure.RIGHTS),
        (f"{SERVER}Connection refused\n\tIs the server running on that host?", Failure.UNREACHABLE),
        ("OperationalError: failed to resolve host 'x': [Errno -2] Name or service not known", Failure.UNREACHABLE),
        ("ConnectionTimeout: connection timeout expired", Failure.UNREACHABLE),
        ("AuthenticationError: invalid username-password pair or user is disabled.", Failure.LOGIN),
        (f"{UNVERIFIED}Hostname mismatch, certificate is not valid for 'x'. (_ssl.c:1016).", Failure.WRONG_NAME),
        (f"{UNVERIFIED}unable to get local issuer certificate (_ssl.c:1016).", Failure.UNTRUSTED),
        (
            "ConnectionError: Error 1 connecting to x:1. [SSL: WRONG_VERSION_NUMBER] wrong version number",
            Failure.NO_TLS,
        ),
        ("NoPermissionError: NOPERM this user has no permissions to run the 'eval' command", Failure.RIGHTS),
        ("RedisClusterException: Cluster mode is not enabled on this node", Failure.NO_CLUSTER),
        ("MasterNotFoundError: No master found for 'main'", Failure.NO_MASTER),
        ("TimeoutError: Timeout connecting to server", Failure.UNREACHABLE),
        ("ConnectionError: Connection closed by server.", Failure.UNREACHABLE),
        ("ProgrammingError: something else", Failure.OTHER),
    ],
)
def test_client_s_words_are_understood(error: str, meaning: Failure) -> None:
    assert failure(error) is meaning


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (f"{SERVER}FATAL:  the cause\n", "the cause"),
        (f"{SERVER}Connection refused\n\tIs the server running on that host?\n", "Connection refused"),
        (f"{SERVER}{NAMES}", NAMES),
        ("ConnectionTimeout: connection timeout expired", "connection timeout expired"),
        ("ConnectionError: Error 111 connecting", "Error 111 connecting"),
        ("", "no reason given"),
    ],
)
def test_cause_is_what_is_shown(error: str, cause: str) -> None:
    assert shortened(error) == cause


def test_long_cause_is_cut() -> None:
    assert len(shortened("x" * 500)) == LONGEST_REASON
