"""Certbot as a service: it gets the certificate, and gives it to each edge that runs."""

import re
from dataclasses import dataclass
from pathlib import Path

import pulumi

from components.edge.acme.haproxy import ALIAS, CHALLENGE_PORT, CPU_SHARES, FOLDER
from components.edge.acme.settings import AcmeSettings
from components.engine.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    HealthCheck,
    Network,
    Replacement,
    Service,
    Volume,
)

CERTIFICATE_NAME = "gateway"
CONFIG_FILE = "certbot.ini"
CA_FILE = "ca.pem"
PROGRAM = Path(__file__).parent / "program" / "renew.py"
ALIVE = 'test -n "$(find /tmp/alive -mmin -1)"'
"""Whether the program goes round. A renewal that fails is no reason to stop an update: the old certificate serves."""


@dataclass(frozen=True)
class AcmeArgs:
    """What Certbot needs."""

    settings: AcmeSettings
    image: str
    user: str
    """The edge's: only this user may use its socket."""
    ca_certificates: str | None = None
    """Text of the file that the setting names."""


def certbot_folder(settings: AcmeSettings) -> str:
    """Return where Certbot keeps accounts and certificates: one folder for each ACME server.

    So another server issues at once, and the certificate of the first is not taken for its own.
    """
    server = re.sub(r"[^a-z0-9.-]+", "_", settings.directory.lower().removeprefix("https://"))
    return f"{FOLDER}/certbot/{server}"


def certbot_ini(settings: AcmeSettings) -> str:
    """Return Certbot's configuration (https://eff-certbot.readthedocs.io/en/stable/using.html#configuration-file).

    It holds for each of its commands, so the certificate's name is not in it: `revoke` refuses it beside a file.
    """
    lines = {
        "server": settings.directory,
        "domains": ",".join(settings.domains),
        "email": settings.email,
        "register-unsafely-without-email": None if settings.email else "true",
        "agree-tos": "true",
        "non-interactive": "true",
        "authenticator": "standalone",
        "http-01-port": CHALLENGE_PORT,
        "renew-with-new-domains": "true",
        "key-type": "ecdsa",
        "config-dir": certbot_folder(settings),
        "work-dir": "/tmp/certbot",  # noqa: S108 - inside the container
        "logs-dir": "/tmp/certbot",  # noqa: S108 - inside the container
        "max-log-backups": 0,
    }
    return "".join(f"{name} = {value}\n" for name, value in lines.items() if value is not None)


def acme_service(args: AcmeArgs, volume: pulumi.Input[str]) -> Service:
    """Describe Certbot. It holds no secret of the stack: keys are made in the volume."""
    settings = args.settings
    environment = {"CERTIFICATE": f"{certbot_folder(settings)}/live/{CERTIFICATE_NAME}", "FOLDER": FOLDER}
    if settings.outgoing_proxy:
        environment["HTTPS_PROXY"] = settings.outgoing_proxy
    if args.ca_certificates:
        environment["REQUESTS_CA_BUNDLE"] = f"{CONFIG_FOLDER}/{CA_FILE}"
    return Service(
        name=ALIAS,
        alias=ALIAS,
        image=args.image,
        user=args.user,
        networks=(Network.FRONT,),
        memory_mib=settings.memory_mib,
        cpu_shares=CPU_SHARES,
        entrypoint=("python3", "-u", f"{PROGRAMS_FOLDER}/{PROGRAM.name}"),
        command=("run", f"{CONFIG_FOLDER}/{CONFIG_FILE}"),
        environment=environment,
        config={
            CONFIG_FILE: certbot_ini(settings),
            **({CA_FILE: args.ca_certificates} if args.ca_certificates else {}),
        },
        programs={PROGRAM.name: PROGRAM.read_text()},
        volumes=(Volume(volume, FOLDER),),
        health=HealthCheck(("CMD-SHELL", ALIVE), retries=5, deadline=60),
        stop_timeout=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
    )
