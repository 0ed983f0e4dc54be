"""Pebble, Let's Encrypt's ACME server for tests, with a name server that tells it where every host is."""

import json
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docker
import httpx

from benchmarks.tools import Tool
from testbed.certificates import valid_now
from testbed.ports import free_ports
from testbed.wait import wait_until

GATEWAY = "127.0.0.1"
"""Where the name server says that every host is."""
NOWHERE = "127.0.0.2"
"""Where no gateway answers."""
ENVIRONMENT = {
    "PEBBLE_AUTHZREUSE": "0",  # each order asks anew
    "PEBBLE_VA_NOSLEEP": "1",
    "PEBBLE_WFE_NONCEREJECT": "0",
}


def bridge() -> str:
    """Return the host's address on Docker's default bridge, which every container reaches."""
    network = docker.from_env().networks.get("bridge")
    return str(network.attrs["IPAM"]["Config"][0]["Gateway"])


class Relay:
    """Passes connections on to a port of this host while it is open, as a line that can be cut."""

    def __init__(self, address: str, port: int, target: int) -> None:
        """Open it."""
        self._place, self._target = (address, port), target
        self.open()

    def open(self) -> None:
        """Take connections."""
        self._listener = socket.create_server(self._place)
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """Refuse connections from now on."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection((GATEWAY, self._target))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=[source, sink], daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()


@dataclass(frozen=True)
class AcmeServer:
    """The running server."""

    address: str
    port: int
    management: int
    names: int
    """Port of the name server's management."""
    pem: str
    """Certificate and key of the server itself."""
    line: Relay
    """The way from the gateway to the server."""

    @property
    def directory(self) -> str:
        """The directory's URL."""
        return f"https://{self.address}:{self.port}/dir"

    def authority(self) -> ssl.SSLContext:
        """Return a context that trusts what the server issues, and nothing else."""
        trust = ssl.create_default_context(cadata=self.pem.partition("-----BEGIN PRIVATE KEY")[0])
        root = httpx.get(f"https://{self.address}:{self.management}/roots/0", verify=trust).text
        return ssl.create_default_context(cadata=root)

    @contextmanager
    def hosts_at(self, address: str) -> Iterator[None]:
        """Have the name server say meanwhile that every host is at another address."""
        self._point(address)
        try:
            yield
        finally:
            self._point(GATEWAY)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Refuse the gateway's connections meanwhile."""
        self.line.cut()
        try:
            yield
        finally:
            self.line.open()

    def _point(self, address: str) -> None:
        httpx.post(f"http://{GATEWAY}:{self.names}/set-default-ipv4", json={"ip": address}).raise_for_status()


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex((GATEWAY, port)) == 0


@contextmanager
def acme_server(folder: Path, http_port: int, validity: int) -> Iterator[AcmeServer]:
    """Run a server.

    Args:
        folder: for its files.
        http_port: port of this host at which it asks its HTTP-01 questions.
        validity: seconds for which its certificates are valid.
    """
    address = bridge()
    port, inner, management, names, dns = free_ports(5)
    pem = valid_now(address)
    begin = pem.index("-----BEGIN PRIVATE KEY")
    files = {"certificate": pem[:begin], "privateKey": pem[begin:]}
    for name, text in files.items():
        (folder / name).write_text(text)
    settings = {
        "listenAddress": f"{GATEWAY}:{inner}",
        "managementListenAddress": f"{address}:{management}",
        **{name: str(folder / name) for name in files},
        "httpPort": http_port,
        "tlsPort": 1,
        "profiles": {"default": {"description": "the only one", "validityPeriod": validity}},
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
    resolver = (
        *(Tool.PEBBLE_CHALLTESTSRV.build(), "-dnsserver", f"{GATEWAY}:{dns}", "-management", f"{GATEWAY}:{names}"),
        *("-defaultIPv4", GATEWAY, "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""),
    )
    server = (Tool.PEBBLE.build(), "-config", str(folder / "pebble.json"), "-dnsserver", f"{GATEWAY}:{dns}")
    with ExitStack() as stack:
        for command in (resolver, server):
            log = stack.enter_context((folder / f"{Path(command[0]).name}.log").open("wb"))
            process = subprocess.Popen(command, env=os.environ | ENVIRONMENT, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.kill)
        for each in (inner, names):
            wait_until(partial(_listens, each), 10)
        line = Relay(address, port, inner)
        yield AcmeServer(address, port, management, names, pem, line)
        line.cut()
