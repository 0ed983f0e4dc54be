"""The ingress's haproxy.cfg. It passes connections on to whichever edge serves, so that edges can be replaced.

It answers probes itself, from what the edges say.

Few settings show in it: what never changes is never replaced.
"""

from components.edge.frontend import PROXY_PORT, REDIRECT_PORT, SECURE_PORT, expect_proxy
from components.edge.haproxy import (
    ALIAS,
    HEALTH_PORT,
    METRICS_PORT,
    READINESS_PATH,
    SERVING_PATH,
    connections,
    health,
    resolvers,
)
from components.edge.settings import EdgeSettings
from components.engine.engine import DOCKER_NAMES

LONGEST_SILENCE_SECONDS = 86_400
"""The edge's shorter timeouts end a connection first."""
THREADS = """\
  # One thread passes on all traffic, the other answers probes: they wait for no large body.
  nbthread 2"""
TRAFFIC_THREAD, HEALTH_THREAD = " thread 1", " thread 2"
MAX_EDGES = 4
"""Server slots: the edge, its successor, and those that still end their last requests."""


def configuration(settings: EdgeSettings) -> str:
    """Return haproxy.cfg. The edge learns the client's address by the PROXY protocol."""
    ports = {"proxy": PROXY_PORT}
    ports |= {"secure": SECURE_PORT} if settings.https_port else {}
    ports |= {"redirect": REDIRECT_PORT} if settings.redirect_port else {}
    expect = "".join(f"\n  {rule}" for rule in expect_proxy(settings))
    listeners = "\n".join(
        f"""
listen {name}
  bind :{port}{TRAFFIC_THREAD}{expect}
  server-template edge {MAX_EDGES} {ALIAS}:{port} send-proxy-v2
"""
        for name, port in ports.items()
    )
    return f"""\
global
{THREADS}
{connections(settings)}
  hard-stop-after 5s

defaults
  mode tcp
  log stdout format raw local0 notice
  balance leastconn
  timeout connect 1s
  timeout client {LONGEST_SILENCE_SECONDS}s
  timeout server {LONGEST_SILENCE_SECONDS}s
  timeout check 2s
  option redispatch 1
  retries 5
  # An edge that is told to stop answers 404: it gets no new connection, and ends those it has.
  option httpchk
  http-check send meth GET uri {SERVING_PATH}
  http-check disable-on-404
  default-server check port {METRICS_PORT} inter 500ms fall 3 rise 1
  default-server init-addr none resolvers docker

{resolvers(DOCKER_NAMES)}{listeners}
# Answered here, from what each edge says: a probe passes one container, and waits for no busy worker.
{health("{ nbsrv(edges) lt 1 }", HEALTH_THREAD)}

backend edges
  mode http
  http-check send meth GET uri {READINESS_PATH}
  default-server check port {HEALTH_PORT} inter 500ms fastinter 100ms fall 2 rise 1
  server-template edge {MAX_EDGES} {ALIAS}:{HEALTH_PORT}
"""
