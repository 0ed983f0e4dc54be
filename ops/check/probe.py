"""Check one part of a gateway: whether it is healthy, how long its answer took, and details."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import httpx
import requests
from cryptography import x509
from docker.errors import DockerException
from docker.models.containers import Container

from ops.stack.engines.container_check import check_command, check_timeout, run_check

LONGEST_DETAIL = 120
"""Characters of a failed check's output that are shown."""


class HealthState(StrEnum):
    """Result of one check."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    MISSING = "missing"
    """There is no container."""


@dataclass(frozen=True)
class PartHealth:
    """The health of one part."""

    part: str
    """E.g. `postgres`, `litellm-1`, `proxy`."""
    asked: str
    """The container or address that was asked."""
    state: HealthState
    milliseconds: float | None = None
    """Time to the answer; for a check in a container it includes the start of its program. None: no answer."""
    detail: str = ""

    @property
    def as_data(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "part": self.part,
            "asked": self.asked,
            "state": self.state.value,
            "milliseconds": None if self.milliseconds is None else round(self.milliseconds, 1),
            "detail": self.detail,
        }


def probe_url(client: httpx.Client, part: str, url: str) -> PartHealth:
    """Request an address of the edge, as a client of the gateway does."""
    begin = time.monotonic()
    try:
        answer = client.get(url)
    except httpx.HTTPError as error:
        return PartHealth(part, url, HealthState.UNHEALTHY, None, shorten(str(error) or type(error).__name__))
    elapsed = milliseconds_since(begin)
    if answer.status_code == HTTPStatus.OK:
        return PartHealth(part, url, HealthState.HEALTHY, elapsed)
    return PartHealth(part, url, HealthState.UNHEALTHY, elapsed, shorten(f"{answer.status_code}: {answer.text}"))


def probe_tls(client: httpx.Client, part: str, url: str, server_name: str) -> PartHealth:
    """Request an address of the edge over TLS; the detail says until when its certificate is valid.

    Its issuer is not verified: this machine's list of authorities may differ from that of the gateway's clients.
    """
    begin = time.monotonic()
    try:
        with client.stream("GET", url, extensions={"sni_hostname": server_name}) as answer:
            end = certificate_end(answer)
            answer.read()
    except httpx.HTTPError as error:
        return PartHealth(part, url, HealthState.UNHEALTHY, None, shorten(str(error) or type(error).__name__))
    elapsed = milliseconds_since(begin)
    found = PartHealth(part, url, HealthState.HEALTHY, elapsed, f"certificate until {end:%Y-%m-%d %H:%M} UTC")
    if end <= datetime.now(UTC):
        return replace(found, state=HealthState.UNHEALTHY)
    if answer.status_code != HTTPStatus.OK:
        return replace(found, state=HealthState.UNHEALTHY, detail=shorten(f"{answer.status_code}: {answer.text}"))
    return found


def certificate_end(answer: httpx.Response) -> datetime:
    """Return when the certificate of an answer expires; its connection has to be open."""
    connection = answer.extensions["network_stream"].get_extra_info("ssl_object")
    return x509.load_der_x509_certificate(connection.getpeercert(True)).not_valid_after_utc  # noqa: FBT003


def probe_container(part: str, container: Container | None) -> PartHealth:
    """Run a container's own health check in it; most parts have no host port."""
    if container is None:
        detail = "no container; `pulumi up --refresh` creates it again"
        return PartHealth(part, "the engine", HealthState.MISSING, None, detail)
    name, command = str(container.name), check_command(container.attrs)
    if container.status != "running" or not command:
        return PartHealth(part, name, HealthState.UNHEALTHY, None, why_not_probed(container.attrs))
    begin, limit = time.monotonic(), check_timeout(container.attrs)
    try:
        status, output = run_check(container, command, limit)
    except TimeoutError:
        return PartHealth(part, name, HealthState.UNHEALTHY, None, f"its check did not answer within {limit:g} s")
    except (DockerException, requests.RequestException, OSError) as error:
        return PartHealth(part, name, HealthState.UNHEALTHY, None, shorten(f"its check did not answer: {error}"))
    elapsed = milliseconds_since(begin)
    if status:
        detail = shorten(output.decode(errors="replace") or f"its check ended with status {status}")
        return PartHealth(part, name, HealthState.UNHEALTHY, elapsed, detail)
    return PartHealth(part, name, HealthState.HEALTHY, elapsed, remark(container.attrs))


def why_not_probed(attributes: Mapping[str, Any]) -> str:
    """Return why no check can run in a container."""
    state = attributes["State"]
    if state["Status"] == "running":
        return "it has no health check"
    cause = "out of memory" if state.get("OOMKilled") else f"exit code {state['ExitCode']}"
    return str(state["Status"]) if state["Status"] == "paused" else f"{state['Status']}, {cause}"


def remark(attributes: Mapping[str, Any]) -> str:
    """Return what else to know of a container whose check has passed."""
    status = (attributes["State"].get("Health") or {}).get("Status", "healthy")
    restarts = attributes.get("RestartCount") or 0
    words = [
        *([f"Docker reports {status}"] if status != "healthy" else []),
        *([f"restarted {restarts} times"] if restarts else []),
    ]
    return ", ".join(words)


def shorten(text: str) -> str:
    """Return the beginning of a text as one line."""
    return " ".join(text.split())[:LONGEST_DETAIL]


def milliseconds_since(begin: float) -> float:
    """Return the milliseconds since `begin`, a time of the monotonic clock."""
    return (time.monotonic() - begin) * 1000
