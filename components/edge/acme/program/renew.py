"""Has Certbot issue and renew the certificate, and gives it to each edge that runs.

`run CONFIG` goes on for ever. `renew CONFIG` renews once, whether it is due or not.

HAProxy takes a certificate through its Runtime API: new connections get it, and those that are open stay
(https://docs.haproxy.org/2.6/management.html#9.3-set%20ssl%20cert). What an edge serves is compared with what is there
each few seconds, so an edge that started meanwhile, or that did not answer, gets it a round later.

Needs nothing but Python's standard library: it runs in Certbot's own image.
"""

import hashlib
import os
import random
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROUND_SECONDS = 5
CHECK_SECONDS = 12 * 3600
"""Certbot decides whether a renewal is due. Its makers ask for two checks a day, at a random minute."""
RETRY_SECONDS = 20 * 60
"""After a failure. Let's Encrypt refuses an account and a host name after five failures in an hour."""
ANSWER_SECONDS = 5
STALE_SECONDS = 86400
"""A socket that nobody listens at and that is older than this belonged to an edge that is gone."""
ALIVE = Path("/tmp/alive")  # noqa: S108 - inside the container


def certbot(config: str, name: str, *, due: bool = True) -> tuple[str, ...]:
    """Return the command that gets the certificate of this name: where there is none or it is `due`, or in any case."""
    when = "--keep-until-expiring" if due else "--force-renewal"
    return ("timeout", "900", "certbot", "certonly", "--config", config, "--cert-name", name, when)


@dataclass
class Renewal:
    """Starts Certbot when it is time to."""

    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    due: float = 0

    def go_on(self, now: float) -> None:
        """Start Certbot, or see whether it has ended. `now` is in seconds, of a clock that only runs forward."""
        if self.process is None and now >= self.due:
            self.process = subprocess.Popen(self.command)
        elif self.process is not None and (code := self.process.poll()) is not None:
            wait = RETRY_SECONDS if code else CHECK_SECONDS - random.uniform(0, 3600)  # noqa: S311 - not a secret
            print(f"certbot ended with {code}; the next check is in {wait / 60:.0f} minutes")
            self.process, self.due = None, now + wait


@dataclass(frozen=True)
class Certificate:
    """The file that every edge reads at its start: chain and private key."""

    file: Path

    @property
    def fingerprint(self) -> str:
        """SHA-1 of the first certificate, as HAProxy writes it."""
        first = self.file.read_text().partition("-----END CERTIFICATE-----")
        return hashlib.sha1(ssl.PEM_cert_to_DER_cert("".join(first[:2])), usedforsecurity=False).hexdigest().upper()

    def take(self, issued: Path) -> bool:
        """Take over what Certbot has issued in this folder; return whether it is other than before.

        A chain and a key that do not belong together are left alone: Certbot is about to put the other one there.
        """
        try:
            text = "".join((issued / name).read_text() for name in ("fullchain.pem", "privkey.pem"))
        except FileNotFoundError:
            return False
        if self.file.exists() and self.file.read_text() == text:
            return False
        # HAProxy reads every file that stands beside it.
        part = issued.parent / "certificate.part"
        part.write_text(text)
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(part)
        except ssl.SSLError:
            return False
        part.replace(self.file)
        return True


@dataclass(frozen=True)
class Edge:
    """HAProxy's Runtime API at one socket."""

    path: Path

    def ask(self, command: str) -> str:
        """Return the answer to one command.

        Raises:
            OSError: when nobody answers.
        """
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_SECONDS)
            connection.connect(str(self.path))
            connection.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    def serves(self, certificate: Certificate) -> bool:
        """Return whether new connections get this certificate."""
        shown = self.ask(f"show ssl cert {certificate.file}")
        return certificate.fingerprint in shown and "\nStatus: Used" in shown

    def give(self, certificate: Certificate) -> None:
        """Have it serve the certificate.

        Raises:
            OSError: when nobody answers.
            RuntimeError: when HAProxy refuses, with its answer.
        """
        file = certificate.file
        # An empty line would end the text.
        lines = [line for line in file.read_text().splitlines() if line.strip()]
        answers = [
            self.ask(f"new ssl cert {file}"),
            self.ask(f"set ssl cert {file} <<\n" + "\n".join(lines) + "\n"),
            self.ask(f"commit ssl cert {file}"),
            self.ask(f"add ssl crt-list {file.parent} {file}"),
        ]
        if not self.serves(certificate):
            raise RuntimeError(re.sub(r"\s+", " ", " ".join(answers)).strip())

    def is_gone(self) -> bool:
        """Return whether its container was removed long ago."""
        return time.time() - self.path.stat().st_mtime > STALE_SECONDS


def spread(certificate: Certificate) -> list[str]:
    """Give the certificate to each edge that has another one; return a line for each of those."""
    found = []
    for edge in map(Edge, sorted(certificate.file.parent.glob("*.sock"))):
        name = edge.path.stem
        try:
            if not edge.serves(certificate):
                edge.give(certificate)
                found.append(f"edge {name} serves the certificate {certificate.fingerprint}")
        except ConnectionRefusedError:
            if edge.is_gone():
                edge.path.unlink()
        except (OSError, RuntimeError) as error:
            found.append(f"edge {name} did not take the certificate: {error}")
    return found


def run(renewal: Renewal, certificate: Certificate, issued: Path, wait: Callable[[float], None] = time.sleep) -> None:
    """Renew and spread for ever; `wait` ends a round. What failed is told once, not each round."""
    told: list[str] = []
    while True:
        renewal.go_on(time.monotonic())
        if certificate.take(issued):
            print(f"issued: the certificate {certificate.fingerprint}")
        lines = spread(certificate) if certificate.file.exists() else []
        print("".join(f"{line}\n" for line in lines if line not in told), end="")
        told = lines
        ALIVE.touch()
        wait(ROUND_SECONDS)


if __name__ == "__main__":
    os.umask(0o077)
    verb, config = sys.argv[1:]
    issued = Path(os.environ["CERTIFICATE"])
    if verb == "renew":
        sys.exit(subprocess.run(certbot(config, issued.name, due=False), check=False).returncode)
    run(Renewal(certbot(config, issued.name)), Certificate(Path(os.environ["FOLDER"], "certificate.pem")), issued)
