"""Variables of LiteLLM's environment whose values need a look before they become settings."""

from collections.abc import Callable

from ops.adopt.draft import Draft, Kind, Outcome
from ops.adopt.old.variables import Variable, Variables

LEVELS = {"CRITICAL": "ERROR", "FATAL": "ERROR", "WARN": "WARNING", "NOTSET": "DEBUG"}
"""LITELLM_LOG → the nearest level that the setting knows."""


def is_true(value: str) -> bool:
    """Return whether a variable is on, as LiteLLM reads it."""
    return value.strip().lower() in ("true", "1", "yes", "on")


def _log_level(variable: Variable, draft: Draft, variables: Variables) -> None:
    level = variable.value.upper()
    known = LEVELS.get(level, level)
    variables.set(variable.name, draft, "litellm.log_level", known, f"as {known}" if known != level else "")


def _debug(variable: Variable, draft: Draft, variables: Variables) -> None:
    if is_true(variable.value) and not variables.get("LITELLM_LOG"):
        variables.set(variable.name, draft, "litellm.log_level", "DEBUG")
    else:
        variables.take(variable.name, draft, Outcome(Kind.GATEWAY, note="litellm.log_level decides"))


def _no_docs(variable: Variable, draft: Draft, variables: Variables) -> None:
    hidden = is_true(variable.value)
    variables.set(variable.name, draft, "litellm.docs", not hidden)


def _root_path(variable: Variable, draft: Draft, variables: Variables) -> None:
    path = "/" + variable.value.strip("/")
    if path == "/":
        variables.take(variable.name, draft, Outcome(Kind.GATEWAY, note="the gateway is served at the root"))
    else:
        variables.set(variable.name, draft, "litellm.root_path", path)


def _proxy(variable: Variable, draft: Draft, variables: Variables) -> None:
    before = draft.get("litellm.outgoing_proxy")
    if "@" in variable.value:
        reason = "litellm.outgoing_proxy takes no password; use a proxy that asks for none from this host"
        variables.take(variable.name, draft, Outcome(Kind.NONE, note=reason))
    elif before not in (None, variable.value):
        variables.take(
            variable.name, draft, Outcome(Kind.NONE, note="litellm.outgoing_proxy is one for http and https")
        )
    else:
        variables.set(variable.name, draft, "litellm.outgoing_proxy", variable.value)


def _no_proxy(variable: Variable, draft: Draft, variables: Variables) -> None:
    hosts = [host.strip() for host in variable.value.split(",") if host.strip()]
    variables.set(variable.name, draft, "litellm.no_proxy", hosts)


def _certificates(variable: Variable, draft: Draft, variables: Variables) -> None:
    cure = "copy the file into the project and name it in litellm.ca_certificates"
    variables.take(variable.name, draft, Outcome(Kind.NONE, note=f"it names a file of the old container; {cure}"))


SPECIAL: dict[str, Callable[[Variable, Draft, Variables], None]] = {
    "DEBUG": _debug,
    "DETAILED_DEBUG": _debug,
    "HTTPS_PROXY": _proxy,
    "HTTP_PROXY": _proxy,
    "LITELLM_LOG": _log_level,
    "NO_DOCS": _no_docs,
    "NO_OPENAPI": _no_docs,
    "NO_PROXY": _no_proxy,
    "NO_REDOC": _no_docs,
    "REQUESTS_CA_BUNDLE": _certificates,
    "SERVER_ROOT_PATH": _root_path,
    "SSL_CERT_FILE": _certificates,
    "http_proxy": _proxy,
    "https_proxy": _proxy,
    "no_proxy": _no_proxy,
}
"""Variables whose values need a look."""
