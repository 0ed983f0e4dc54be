"""What ACME adds to the edge's haproxy.cfg."""

from components.edge.acme.settings import AcmeSettings
from components.engine.workload import DataVolume

ALIAS = "acme"
CPU_SHARES = 256
CHALLENGE_PORT = 8080
CHALLENGE_PATH = "/.well-known/acme-challenge/"
VOLUME = DataVolume("certificates", size_gib=1)
"""The certificate, its keys and Certbot's account."""
FOLDER = "/var/lib/haproxy"
"""Where the volume of the certificate is, in the edge and beside it. In HAProxy's image the folder belongs to the user
that HAProxy runs as, and a new volume takes its owner from there."""


def runtime_api(acme: AcmeSettings) -> str:
    """Return the lines of `global` that open HAProxy's Runtime API for the container that renews.

    Each edge has a socket of its own: while an update runs there are two.
    """
    return f'\n  stats socket "{FOLDER}/${{HOSTNAME}}.sock" mode 600 level admin' if acme.enabled else ""


def bind() -> str:
    """Return the certificate's part of the `bind` line.

    HAProxy starts without any certificate and gets the first one while it runs, which only `strict-sni` allows
    (https://docs.haproxy.org/2.6/configuration.html#5.1-strict-sni).
    """
    return f"crt {FOLDER} strict-sni"


def challenge(acme: AcmeSettings) -> list[str]:
    """Return the lines of the frontend that let the server's questions pass by all other rules."""
    if not acme.enabled:
        return []
    return [
        f"acl acme_challenge path_beg {CHALLENGE_PATH}",
        "http-request allow if acme_challenge METH_GET",
    ]


def use_backend(acme: AcmeSettings) -> list[str]:
    """Return the line of the frontend that sends them to Certbot. HAProxy wants it after all `http-request` rules."""
    return [f"use_backend {ALIAS} if acme_challenge METH_GET"] if acme.enabled else []


def backend(acme: AcmeSettings) -> str:
    """Return the backend of the questions. Certbot listens only while it waits for them."""
    if not acme.enabled:
        return ""
    return f"""
backend {ALIAS}
  timeout server 10s
  timeout queue 5s
  retries 0
  server {ALIAS} {ALIAS}:{CHALLENGE_PORT} maxconn 16 init-addr none resolvers docker
"""
