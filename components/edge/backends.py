"""The edge's backends: the same replicas several times, each time with places of its own.

Whoever holds more than a share of the places is served from others, so that it cannot take those of everybody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.edge.settings import EdgeSettings
from components.engine.engine import DOCKER_NAMES, NameService
from components.engine.metrics import selector
from components.engine.workload import EMPTY
from components.litellm.component import ALIAS as LITELLM
from components.litellm.component import PORT as LITELLM_PORT
from components.litellm.worker.start import AGENT_PORT

ADMIN, BUSY_CALLER, BUSY_MODEL = "litellm_admin", "litellm_busy_caller", "litellm_busy_model"
"""The reserve for administration; a key, or a client without one, with more than its share; a model with more."""
LARGE_BODY = "litellm_large_body"
"""Requests with a large body, which waits for a worker's memory."""
ADMIN_PLACES = 32
"""Requests of administration in flight at one replica."""
LARGE_BODY_PLACES = 256
"""Large bodies at one replica, or more where a third of its places is more. Those that wait unread cost it little."""
STEADY = (ADMIN, LARGE_BODY)
"""Backends whose places do not become fewer while the processors are busy."""
MAX_REPLICAS = 32
"""Server slots: twice the most replicas of a stack, because an update runs old and new side by side."""


EVENT_STREAM = "{ method GET } { req.hdr(accept) -m sub text/event-stream }"
"""MCP's clients ask so for what the server will say of itself."""


@dataclass(frozen=True)
class Places:
    """How many requests one replica gets at the same time, by backend."""

    own: int
    busy: int
    """Of those that hold more than their share: for each of the two kinds as many; 0: there is no such backend."""

    @property
    def total(self) -> int:
        """All together."""
        return self.own + 2 * self.busy


def places(settings: EdgeSettings, concurrency: int) -> Places:
    """Divide the requests in flight of a replica: a third each, or all to one backend where nothing is shared."""
    if settings.fair_share_percent == 100:
        return Places(concurrency, 0)
    busy = max(1, concurrency // 3)
    return Places(max(1, concurrency - 2 * busy), busy)


def requests_in_flight(labels: Mapping[str, str] = EMPTY) -> str:
    """Return PromQL for the requests that replicas answer, and those that wait at the edges for a place.

    `labels` are those of the stack's series, where the Prometheus has those of others too.
    """
    series = selector("haproxy_backend_current_sessions", 'proxy=~"litellm.*"', labels=labels)
    return f"sum({series})"


def share(settings: EdgeSettings, concurrency: int, replicas: int) -> int:
    """Return the requests that one key or one model may have beside everybody else's."""
    shared = min(settings.queue_length, places(settings, concurrency).own * replicas)
    return max(1, shared * settings.fair_share_percent // 100)


def names(settings: EdgeSettings) -> Sequence[str]:
    """Return the backends that serve models, then those whose places stay."""
    busy = [] if settings.fair_share_percent == 100 else [BUSY_CALLER, BUSY_MODEL]
    return [LITELLM, *busy, *STEADY]


def backends(settings: EdgeSettings, concurrency: int, found_by: NameService = DOCKER_NAMES, edges: int = 1) -> str:
    """Return the sections of all backends, and the tables that count. Other edges may send to the same replicas."""
    found = places(settings, concurrency)
    limits = dict.fromkeys(names(settings), found.busy) | {
        LITELLM: found.own, ADMIN: ADMIN_PLACES, LARGE_BODY: max(LARGE_BODY_PLACES, concurrency // 3),
    }  # fmt: skip
    totals = {name: 0 if name in STEADY else found.total * edges for name in limits}
    sections = [_backend(name, limit, totals[name], settings, found_by) for name, limit in limits.items()]
    return "\n\n".join([*sections, *([TABLES] if found.busy else [])])


TABLES = """\
# Requests in flight or in a queue, by the hash of the key and by the model.
backend callers
  stick-table type binary len 20 size 100k expire 10s store conn_cur

backend models
  stick-table type string len 128 size 10k expire 10s store conn_cur"""


def _backend(name: str, limit: int, total: int, settings: EdgeSettings, found_by: NameService) -> str:
    """Return one backend. With `total`, the replica's agent may lower its limit by the backend's part of it."""
    question = f' agent-send "{limit} {total}\\n"' if total else ""
    return f"""\
backend {name}
  balance leastconn
  # An event stream may be silent for longer than an answer may take.
  http-request set-timeout server {settings.stream_timeout}s if {EVENT_STREAM}
  option httpchk
  # Whether it lives, not whether it is ready: while Postgres is down no replica is, and each still answers the keys it
  # knows.
  http-check send meth GET uri /health/liveliness
  default-server check inter 2s fastinter 1s downinter 500ms fall 3 rise 1
  # A replica that is told to stop says so first, and gets no new request. One whose processors are busy gets fewer.
  default-server agent-check agent-port {AGENT_PORT} agent-inter 1s{question}
  default-server maxconn {limit} init-addr none resolvers {found_by.name}
  server-template litellm {MAX_REPLICAS} {LITELLM}{found_by.domain}:{LITELLM_PORT}"""
