"""The edge's haproxy.cfg as text."""

from ipaddress import AddressValueError, IPv4Address

from pydantic import Field, field_validator

from components.section import Section

PROXY_PORT = 4000
AGENT_PORT = 4002
"""Of a replica: see replica/start.py."""
HEALTH_PORT = 4001
METRICS_PORT = 8405
"""Of the private network only: no host port leads there."""
DOCUMENTATION = "https://docs.haproxy.org/2.6/configuration.html"
SLACK = 10
"""Seconds beyond a request's time that the edge waits: a replica's own word of a timeout arrives first."""
MOST_REPLICAS = 32
"""Server slots: twice the most replicas a stack may have, since an update runs old and new side by side."""


class EdgeSettings(Section):
    """The one container with host ports."""

    address: str = "127.0.0.1"
    """Host address that the ports are published on, IPv4; 0.0.0.0 for all."""
    proxy_port: int = Field(PROXY_PORT, ge=1, le=65535)
    """Host port of the proxy."""
    health_port: int = Field(HEALTH_PORT, ge=1, le=65535)
    """Host port of /health/liveliness and /health/readiness, answered by the edge from its own checks of the
    replicas."""
    replica_concurrency: int = Field(64, ge=1, le=10000)
    """Requests a replica works on at once; more wait in the edge's queue
    (https://docs.haproxy.org/2.6/configuration.html, maxconn)."""
    queue_timeout: int = Field(30, ge=1, le=600)
    """Seconds a request waits in the queue before it is refused with 503."""
    memory: int = Field(256, ge=64)
    """Memory limit of the container, MiB."""

    @field_validator("address")
    @classmethod
    def _address_is_one(cls, address: str) -> str:
        try:
            return str(IPv4Address(address))
        except AddressValueError as error:
            raise ValueError("should be an IPv4 address, such as 127.0.0.1") from error


def configuration(settings: EdgeSettings, request_timeout: int) -> str:
    """Write haproxy.cfg: replicas found by their alias, health-gated, streams passed on as they come."""
    return f"""\
global
  maxconn 4096
  hard-stop-after {request_timeout + SLACK}s

defaults
  mode http
  log stdout format raw local0 notice
  timeout connect 2s
  timeout client {request_timeout + SLACK}s
  timeout server {request_timeout + SLACK}s
  timeout queue {settings.queue_timeout}s
  timeout http-request 10s
  # A busy Python worker answers late; late is not dead.
  timeout check 8s
  # Only what never reached a replica is sent again: a completion costs money.
  option redispatch
  retries 3
  retry-on conn-failure
  # A kept connection to a worker that ends, or is idle for too long, would lose the request that is sent just then.
  option http-server-close

# Docker's own name server lists every replica that shares the alias, also those still starting: hence the checks.
resolvers docker
  nameserver docker 127.0.0.11:53
  resolve_retries 3
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold nx 200ms
  hold obsolete 0s

frontend proxy
  bind :{PROXY_PORT}
  # Any key could read everybody's spend there; Prometheus asks each replica, on the private network.
  acl metrics path,url_dec -m beg /metrics
  http-request return status 404 content-type text/plain string "metrics are private" if metrics
  default_backend litellm

# Answered here, from the checks below: never waits for a busy worker.
frontend health
  bind :{HEALTH_PORT}
  acl known path /health/liveliness /health/readiness
  acl dead nbsrv(litellm) lt 1
  http-request return status 404 content-type text/plain string "unknown path" unless known
  http-request return status 503 content-type text/plain string "no replica can serve" if dead
  http-request return status 200 content-type text/plain string "healthy"

# For Prometheus, on the private network.
frontend metrics
  bind :{METRICS_PORT}
  http-request use-service prometheus-exporter if {{ path /metrics }}

backend litellm
  balance leastconn
  option httpchk
  http-check send meth GET uri /health/readiness
  default-server check inter 2s fastinter 1s downinter 500ms fall 3 rise 1
  # A replica that is told to stop says so first, and gets no new request.
  default-server agent-check agent-port {AGENT_PORT} agent-inter 1s
  default-server maxconn {settings.replica_concurrency} init-addr none resolvers docker
  server-template litellm {MOST_REPLICAS} litellm:4000
"""
