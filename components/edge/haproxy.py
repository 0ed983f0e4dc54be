"""The edge's haproxy.cfg as text."""

from dataclasses import dataclass

from components.edge.acme import haproxy as acme
from components.edge.backends import backends
from components.edge.frontend import RETRY, frontends, json
from components.edge.settings import EdgeSettings
from components.engine.engine import DOCKER_NAMES, NameService

ALIAS = "edge"
HEALTH_PORT = 4001
METRICS_PORT = 8405
"""On the private network only: no host port leads there."""
SERVING_PATH = "/serving"
"""On METRICS_PORT, for the ingress: 404 once the edge is told to stop, which ends new connections at once."""
LIVELINESS_PATH, READINESS_PATH = "/health/liveliness", "/health/readiness"
HEALTH_PATHS = (LIVELINESS_PATH, "/health/liveness", READINESS_PATH)
"""LiteLLM's own, both spellings."""
TIMEOUT_MARGIN_SECONDS = 10
"""Beyond a request's own timeout, so that a replica's answer to a timeout arrives first."""
THREADS = """\
  # One thread passes on more than any number of replicas answers; of several, one that shares a processor with a busy
  # worker holds up the rest.
  nbthread 1"""
MARGIN_CONNECTIONS = 256
"""Beside those of clients: probes, metrics, and the ingress's own checks."""
GRACE_SECONDS = 3
"""Between the stop signal and the end of listening: the ingress learns of it and stops sending."""


def connections(settings: EdgeSettings) -> str:
    """Return the global settings that bound connections.

    HAProxy derives its `maxconn` from the files it may open. The engine may allow it fewer, and it starts all the same.
    """
    files = 2 * (settings.max_connections + MARGIN_CONNECTIONS)
    return f"  # Two for each connection.\n  fd-hard-limit {files}"


@dataclass(frozen=True)
class Replicas:
    """What the edge has to know of the replicas."""

    request_timeout: int
    """Seconds that LiteLLM gives a call to a provider."""
    concurrency: int
    """Maximum number of requests in flight at one replica."""
    count: int = 1
    root_path: str = ""
    """The path below which LiteLLM serves; empty: at the root."""
    names: NameService = DOCKER_NAMES
    """How they are found."""
    edges: int = 1
    """How many edges send to them. Each keeps its part of all limits."""

    def of_one_edge(self, settings: EdgeSettings) -> tuple[EdgeSettings, int]:
        """Return one edge's part: settings with its queue, and its requests in flight at one replica."""
        if self.edges == 1:
            return settings, self.concurrency
        queue_length = max(1, settings.queue_length // self.edges)
        return settings.model_copy(update={"queue_length": queue_length}), max(1, self.concurrency // self.edges)


def longest_stop(settings: EdgeSettings, request_timeout: int) -> int:
    """Return the seconds after which a stopping edge cuts what is left."""
    return GRACE_SECONDS + max(request_timeout + TIMEOUT_MARGIN_SECONDS, settings.keepalive_timeout)


def configuration(settings: EdgeSettings, replicas: Replicas, *, behind_ingress: bool = True) -> str:
    """Return haproxy.cfg: replicas found by their alias, health-gated, streams passed on as they come."""
    wait = replicas.request_timeout + TIMEOUT_MARGIN_SECONDS
    settings, concurrency = replicas.of_one_edge(settings)
    return f"""\
global
{THREADS}
{connections(settings)}
  # The ingress hears first that this edge stops; it listens on until then.
  grace {GRACE_SECONDS}s
  hard-stop-after {longest_stop(settings, replicas.request_timeout)}s{acme.runtime_api(settings.acme)}

defaults
  mode http
  log stdout format raw local0 notice
  timeout connect 2s
  timeout client {wait}s
  timeout server {wait}s
  # An upgraded connection, such as a WebSocket, may be silent for so long.
  timeout tunnel {settings.stream_timeout}s
  timeout queue {settings.queue_timeout}s
  timeout http-request 10s
  timeout http-keep-alive {settings.keepalive_timeout}s
  # A busy Python worker answers late; late is not dead.
  timeout check 8s
  # Only what never reached a replica is sent again: a completion costs money.
  option redispatch
  retries 3
  retry-on conn-failure
  # A kept connection to a worker that ends, or is idle for too long, would lose the request that is sent just then.
  option http-server-close
  # A client that gave up is given up at the replica, and in the queue.
  option abortonclose{keepalive(replicas.names)}
{errors()}

{resolvers(replicas.names)}
{frontends(settings, concurrency, replicas.count, replicas.root_path, behind_ingress=behind_ingress)}

# For the ingress, from the checks below.
{health("{ nbsrv(litellm) lt 1 } !{ stopping }")}

# For Prometheus and the ingress, on the private network.
frontend metrics
  bind :{METRICS_PORT}
  http-request use-service prometheus-exporter if {{ path /metrics }}
  http-request return status 404 if {{ stopping }}
  http-request return status 200 if {{ path {SERVING_PATH} }}

{backends(settings, concurrency, replicas.names, replicas.edges)}
{acme.backend(settings.acme)}"""


def keepalive(names: NameService) -> str:
    """Return the settings that end requests at a replica whose node is lost; on one host none is lost alone.

    The system of a replica answers for it, however busy its workers are.
    """
    if names.nameserver:
        return ""
    return """
  # A lost node answers nothing, not even that a connection is gone: 25 s, not the whole timeout.
  option srvtcpka
  srvtcpka-idle 10s
  srvtcpka-intvl 5s
  srvtcpka-cnt 3"""


def resolvers(names: NameService) -> str:
    """Return the section that finds the containers of an alias."""
    # Without a payload size an answer holds 512 bytes, fewer addresses than there are server slots.
    place = (
        f"nameserver {names.name} {names.nameserver}"
        if names.nameserver
        else "parse-resolv-conf\n  accepted_payload_size 8192"
    )
    whose = "Docker's own" if names.nameserver else "The cluster's"
    return f"""\
# {whose} name server lists every container that shares the alias, also those still starting: hence the checks.
resolvers {names.name}
  {place}
  resolve_retries 3
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold nx 200ms
  hold obsolete 0s
"""


def health(dead: str, thread: str = "") -> str:
    """Return the frontend that answers probes by itself: 503 under the condition `dead`, else 200.

    Args:
        dead: when nobody can serve.
        thread: the end of its `bind` line, such as ` thread 2`.
    """
    paths = " ".join(f"{path} {path}/" for path in HEALTH_PATHS)
    return f"""\
frontend health
  mode http
  bind :{HEALTH_PORT}{thread}
  timeout http-request 10s
  timeout http-keep-alive 10s
  acl known path {paths}
  http-request return status 404 content-type text/plain string "unknown path" unless known
  http-request return status 503 content-type text/plain string "no replica can serve" if {dead}
  http-request return status 200 content-type text/plain string "healthy"\
"""


def errors() -> str:
    """Return HAProxy's own answers when no replica answered."""
    return "\n".join(
        f"  http-error status {status} {json(text)}{header}"
        for status, text, header in (
            (408, "the request did not arrive in time", ""),
            (502, "the replica closed the connection", ""),
            (503, "no replica was free in time", RETRY),
            (504, "the replica did not answer in time", ""),
        )
    )
