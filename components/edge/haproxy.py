"""The edge's haproxy.cfg as text."""

from components.edge.acme import haproxy as acme
from components.edge.settings import EdgeSettings
from components.engine.workload import SECRETS_FOLDER
from components.litellm.component import ALIAS as LITELLM
from components.litellm.component import PORT as LITELLM_PORT
from components.litellm.worker.start import AGENT_PORT

ALIAS = "edge"
PROXY_PORT = 4000
HEALTH_PORT = 4001
SECURE_PORT = 4443
METRICS_PORT = 8405
"""On the private network only: no host port leads there."""
SERVING_PATH = "/serving"
"""On METRICS_PORT, for the ingress: 404 once the edge is told to stop, which ends new connections at once."""
READINESS_PATH = "/health/readiness"
CERTIFICATE_FILE = "certificate.pem"
TIMEOUT_MARGIN_SECONDS = 10
"""Beyond a request's own timeout, so that a replica's answer to a timeout arrives first."""
THREADS = """\
  # One thread passes on more than any number of replicas answers; of several, one that shares a processor with a busy
  # worker holds up the rest.
  nbthread 1"""
GRACE_SECONDS = 3
"""Between the stop signal and the end of listening: the ingress learns of it and stops sending."""
RETRY = " hdr Retry-After 5"
"""Tells a client that was refused for too much load when to come back, in seconds."""
HOST = "req.hdr(host),field(1,:),lower -m str"
"""The host name of a request."""
UNSIZED = "{ req.ver 2.0 } !{ req.hdr(content-length) -m found }"
"""HTTP/2 needs no header to send a body of unknown size."""
MAX_REPLICAS = 32
"""Server slots: twice the most replicas of a stack, because an update runs old and new side by side."""
HSTS_SECONDS = 63_072_000
"""Two years."""


def longest_stop(settings: EdgeSettings, request_timeout: int) -> int:
    """Return the seconds after which a stopping edge cuts what is left."""
    return GRACE_SECONDS + max(request_timeout + TIMEOUT_MARGIN_SECONDS, settings.keepalive_timeout)


def configuration(settings: EdgeSettings, request_timeout: int, root_path: str = "") -> str:
    """Return haproxy.cfg: replicas found by their alias, health-gated, streams passed on as they come.

    Args:
        settings: the edge's.
        request_timeout: seconds that LiteLLM gives a call to a provider.
        root_path: the path below which LiteLLM serves; empty: at the root.
    """
    wait = request_timeout + TIMEOUT_MARGIN_SECONDS
    return f"""\
global
{THREADS}
  maxconn 4096
  # The ingress hears first that this edge stops; it listens on until then.
  grace {GRACE_SECONDS}s
  hard-stop-after {longest_stop(settings, request_timeout)}s{acme.runtime_api(settings.acme)}

defaults
  mode http
  log stdout format raw local0 notice
  timeout connect 2s
  timeout client {wait}s
  timeout server {wait}s
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
  option abortonclose
{errors()}

{RESOLVERS}
{proxy(settings, root_path)}

# For the ingress, from the checks below.
{health("{ nbsrv(litellm) lt 1 } !{ stopping }")}

# For Prometheus and the ingress, on the private network.
frontend metrics
  bind :{METRICS_PORT}
  http-request use-service prometheus-exporter if {{ path /metrics }}
  http-request return status 404 if {{ stopping }}
  http-request return status 200 if {{ path {SERVING_PATH} }}

backend litellm
  balance leastconn
  option httpchk
  # Whether it lives, not whether it is ready: while Postgres is down no replica is, and each still answers the keys it
  # knows.
  http-check send meth GET uri /health/liveliness
  default-server check inter 2s fastinter 1s downinter 500ms fall 3 rise 1
  # A replica that is told to stop says so first, and gets no new request.
  default-server agent-check agent-port {AGENT_PORT} agent-inter 1s
  default-server maxconn {settings.replica_concurrency} init-addr none resolvers docker
  server-template litellm {MAX_REPLICAS} {LITELLM}:{LITELLM_PORT}
{acme.backend(settings.acme)}"""


WAIT_FOR_A_REPLICA = """\
  tcp-request inspect-delay 2s
  tcp-request content accept if { nbsrv(litellm) gt 0 } or { stopping }
  tcp-request content accept if WAIT_END"""
"""An edge that has just started knows no replica for some tenths of a second: requests wait that long.
An edge that stops counts no replica any more, and serves those it knows until its last connection ends."""

RESOLVERS = """\
# Docker's own name server lists every container that shares the alias, also those still starting: hence the checks.
resolvers docker
  nameserver docker 127.0.0.11:53
  resolve_retries 3
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold nx 200ms
  hold obsolete 0s
"""


def health(dead: str) -> str:
    """Return the frontend that answers probes by itself: 503 under the condition `dead`, else 200."""
    return f"""\
frontend health
  mode http
  bind :{HEALTH_PORT}
  timeout http-request 10s
  timeout http-keep-alive 10s
  acl known path /health/liveliness {READINESS_PATH}
  http-request return status 404 content-type text/plain string "unknown path" unless known
  http-request return status 503 content-type text/plain string "no replica can serve" if {dead}
  http-request return status 200 content-type text/plain string "healthy"\
"""


def proxy(settings: EdgeSettings, root_path: str) -> str:
    """Return the frontend that takes clients' requests from the ingress."""
    metrics = dict.fromkeys(("/metrics", f"{root_path}/metrics"))
    largest = f"the body is larger than {settings.max_body_mib} MiB"
    refused = [
        (421, "this host name is not served here", "", f"unless {{ {HOST} {' '.join(settings.allowed_hosts)} }}"),
        # Any key could read everybody's spend there; Prometheus asks each replica, on the private network.
        (404, "metrics are private", "", f"if {{ path,url_dec -m beg {' '.join(metrics)} }}"),
        (431, "the headers are too large", "", f"if {{ req.hdrs,length gt {settings.max_header_bytes} }}"),
        # A body of unknown size could only be measured by holding it back.
        (411, "say Content-Length", "", "if { req.hdr(transfer-encoding) -m found }"),
        (411, "say Content-Length", "", f"if {UNSIZED} {{ req.body_size gt 0 }}"),
        (413, largest, "", f"if {{ req.body_size gt {settings.max_body_mib * 2**20} }}"),
        (429, "too many requests wait", RETRY, f"if {{ queue(litellm) ge {settings.queue_length} }}"),
    ]
    lines = [f"bind :{PROXY_PORT} accept-proxy", *(_secure(settings) if settings.https_port else [])]
    lines += [
        *WAIT_FOR_A_REPLICA.strip().split("\n  "),
        *acme.challenge(settings.acme),
        # A client may just be sending on an idle connection when the edge stops: it is answered, then closed.
        "option idle-close-on-response",
        # What the ingress says of the client, not what the client says.
        "http-request del-header X-Forwarded-For",
        "option forwardfor",
        # Whether such a request has a body at all shows with the first byte of it, or with its end.
        f"http-request wait-for-body time 10s at-least 1 if {UNSIZED}",
        *(
            f"http-request return status {status} {_json(text)}{header} {condition}"
            for status, text, header, condition in refused[0 if settings.allowed_hosts else 1 :]
        ),
        "default_backend litellm",
    ]
    return "frontend proxy\n" + "".join(f"  {line}\n" for line in lines).rstrip()


def errors() -> str:
    """Return HAProxy's own answers when no replica answered."""
    return "\n".join(
        f"  http-error status {status} {_json(text)}{header}"
        for status, text, header in (
            (408, "the request did not arrive in time", ""),
            (502, "the replica closed the connection", ""),
            (503, "no replica was free in time", RETRY),
            (504, "the replica did not answer in time", ""),
        )
    )


def _secure(settings: EdgeSettings) -> list[str]:
    certificate = acme.bind() if settings.acme.enabled else f"crt {SECRETS_FOLDER}/{CERTIFICATE_FILE}"
    return [
        f"bind :{SECURE_PORT} accept-proxy ssl {certificate} ssl-min-ver TLSv1.2 alpn h2,http/1.1",
        "http-request set-header X-Forwarded-Proto https if { ssl_fc }",
        f'http-response set-header Strict-Transport-Security "max-age={HSTS_SECONDS}" if {{ ssl_fc }}',
    ]


def _json(message: str) -> str:
    """Return an answer's body in the form that OpenAI's clients read."""
    return f"""content-type application/json string '{{"error":{{"message":"{message}","type":"gateway"}}}}'"""
