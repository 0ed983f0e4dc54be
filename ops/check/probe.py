"""One look at one part of a gateway: whether it is healthy, how long its answer took, and what is to say of it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import docker
import httpx
import requests
from cryptography import x509
from docker.models.containers import Container

LONGEST_DETAIL = 120
"""Letters of what a failed check said."""


class State(StrEnum):
    """What a look found."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    MISSING = "missing"
    """There is no container."""


@dataclass(frozen=True)
class Finding:
    """A row of the table."""

    part: str
    """E.g. `postgres`, `litellm-1`, `proxy`."""
    asked: str
    """Who was asked what."""
    state: State
    milliseconds: float | None = None
    """How long the answer took; of a check in a container, the start of its program included. None: none came."""
    detail: str = ""

    @property
    def as_data(self) -> dict[str, Any]:
        """What `--json` prints of it."""
        return {
            "part": self.part,
            "asked": self.asked,
            "state": self.state.value,
            "milliseconds": None if self.milliseconds is None else round(self.milliseconds, 1),
            "detail": self.detail,
        }


def ask_url(client: httpx.Client, part: str, url: str) -> Finding:
    """Ask an address of the edge, as a client of the gateway does."""
    begin = time.monotonic()
    try:
        answer = client.get(url)
    except httpx.HTTPError as error:
        return Finding(part, url, State.UNHEALTHY, None, short(str(error) or type(error).__name__))
    took = milliseconds_since(begin)
    state = State.HEALTHY if answer.status_code == HTTPStatus.OK else State.UNHEALTHY
    detail = "" if state is State.HEALTHY else f"{answer.status_code}: {answer.text}"
    return Finding(part, url, state, took, short(detail))


def ask_tls(client: httpx.Client, part: str, url: str, server_name: str) -> Finding:
    """Ask an address of the edge over TLS, and say until when its certificate is good.

    Who signed it is not judged: a machine's own list of authorities says nothing of its clients'.
    """
    begin = time.monotonic()
    try:
        with client.stream("GET", url, extensions={"sni_hostname": server_name}) as answer:
            end = certificate_end(answer)
            answer.read()
    except httpx.HTTPError as error:
        return Finding(part, url, State.UNHEALTHY, None, short(str(error) or type(error).__name__))
    took = milliseconds_since(begin)
    found = Finding(part, url, State.HEALTHY, took, f"certificate until {end:%Y-%m-%d %H:%M} UTC")
    if end <= datetime.now(UTC):
        return replace(found, state=State.UNHEALTHY)
    if answer.status_code != HTTPStatus.OK:
        return replace(found, state=State.UNHEALTHY, detail=short(f"{answer.status_code}: {answer.text}"))
    return found


def certificate_end(answer: httpx.Response) -> datetime:
    """Give the end of the certificate that an answer comes with; its connection has to be open."""
    connection = answer.extensions["network_stream"].get_extra_info("ssl_object")
    return x509.load_der_x509_certificate(connection.getpeercert(True)).not_valid_after_utc  # noqa: FBT003


def ask_container(part: str, container: Container | None) -> Finding:
    """Run a container's own health check in it, now, through the engine: most parts have no host port."""
    if container is None:
        return Finding(part, "the engine", State.MISSING, None, "no container; `pulumi up --refresh` makes it again")
    name, command = str(container.name), check_command(container.attrs)
    if container.status != "running" or not command:
        return Finding(part, name, State.UNHEALTHY, None, stopped(container.attrs))
    begin = time.monotonic()
    try:
        exit_code, said = container.exec_run(list(command))
    except (docker.errors.DockerException, requests.RequestException) as error:
        return Finding(part, name, State.UNHEALTHY, None, short(f"no answer to its check: {error}"))
    took = milliseconds_since(begin)
    if exit_code:
        words = str(said, errors="replace") if isinstance(said, bytes) else ""
        words = words or f"its check ended with status {exit_code}"
        return Finding(part, name, State.UNHEALTHY, took, short(words))
    return Finding(part, name, State.HEALTHY, took, remark(container.attrs))


def check_command(attributes: Mapping[str, Any]) -> Sequence[str]:
    """Give the command of a container's health check; empty when it has none."""
    match (attributes["Config"].get("Healthcheck") or {}).get("Test") or []:
        case ["CMD", *command]:
            return command
        case ["CMD-SHELL", line]:
            return ["/bin/sh", "-c", line]
    return []


def stopped(attributes: Mapping[str, Any]) -> str:
    """Say why a container cannot be asked."""
    state = attributes["State"]
    if state["Status"] == "running":
        return "it has no health check"
    cause = "out of memory" if state.get("OOMKilled") else f"exit code {state['ExitCode']}"
    return str(state["Status"]) if state["Status"] == "paused" else f"{state['Status']}, {cause}"


def remark(attributes: Mapping[str, Any]) -> str:
    """Say what is worth knowing of a container whose check has just passed."""
    status = (attributes["State"].get("Health") or {}).get("Status", "healthy")
    restarts = attributes.get("RestartCount") or 0
    words = [
        *([f"the engine calls it {status}"] if status != "healthy" else []),
        *([f"restarted {restarts} times"] if restarts else []),
    ]
    return ", ".join(words)


def short(text: str) -> str:
    """Give a text as the start of one line."""
    return " ".join(text.split())[:LONGEST_DETAIL]


def milliseconds_since(begin: float) -> float:
    """Give the time since then."""
    return (time.monotonic() - begin) * 1000
