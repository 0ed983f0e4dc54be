"""The program in Certbot's container: when it renews, what it takes over, and how each edge gets it."""

import hashlib
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from components.edge.acme.program import renew
from components.edge.acme.program.renew import (
    CHECK_SECONDS,
    RETRY_SECONDS,
    STALE_SECONDS,
    Certificate,
    Edge,
    Renewal,
    certbot,
    run,
    spread,
)
from testbed.certificates import valid_now
from testbed.wait import wait_until

KEY = "-----BEGIN PRIVATE KEY"


def issue(folder: Path, pem: str, key: str | None = None) -> Path:
    """Write what Certbot writes; the key of another certificate if one is given."""
    folder.mkdir(parents=True, exist_ok=True)
    chain, private = pem[: pem.index(KEY)], (key or pem)[(key or pem).index(KEY) :]
    (folder / "fullchain.pem").write_text(chain)
    (folder / "privkey.pem").write_text(private)
    return folder


def fingerprint(pem: str) -> str:
    return hashlib.sha1(ssl.PEM_cert_to_DER_cert(pem[: pem.index(KEY)]), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """The file of the edges, which is not there yet."""
    return Certificate(tmp_path / "certificate.pem")


@pytest.fixture
def issued(tmp_path: Path) -> Path:
    """Certbot's folder, with a certificate."""
    return issue(tmp_path / "certbot" / "live" / "gateway", valid_now())


class HAProxy:
    """Answers at a socket as HAProxy 2.6's Runtime API does, and keeps what it is told."""

    def __init__(self, path: Path) -> None:
        self.listed, self.text, self.pending, self.commands = False, "", "", list[str]()
        self.refuses = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                text = ""
                # A text ends with an empty line, every other command with its own.
                while not re.search(r"\n\n$" if "<<\n" in text else r"\n$", text):
                    text += connection.recv(65536).decode()
                connection.sendall(self._answer(text.strip()).encode() + b"\n")

    def _answer(self, command: str) -> str:
        self.commands.append(command.partition(" /")[0])
        match command.split()[:3]:
            case ["show", *_] if self.text:
                status = "Used" if self.listed else "Unused"
                return f"Filename: x\nStatus: {status}\nSHA1 FingerPrint: {fingerprint(self.text)}\n"
            case ["show", *_]:
                return "Can't display the certificate: Not found or the certificate is a bundle!\n"
            case ["set", *_]:
                self.pending = command.partition("<<\n")[2]
            case ["commit", *_] if self.refuses:
                return "no private key\n"
            case ["commit", *_]:
                self.text = self.pending
            case ["add", *_]:
                self.listed = True
        return "Success!\n"


@pytest.fixture
def haproxy(tmp_path: Path) -> Iterator[HAProxy]:
    """An edge that serves no certificate."""
    haproxy = HAProxy(tmp_path / "one.sock")
    yield haproxy
    haproxy.close()


def test_renewal_is_due_at_the_start_and_twice_a_day() -> None:
    renewal = Renewal(["true"])
    renewal.go_on(100)
    process = renewal.process
    assert process
    process.wait()
    renewal.go_on(101)
    assert renewal.process is None
    assert CHECK_SECONDS - 3600 <= renewal.due - 101 <= CHECK_SECONDS
    renewal.go_on(renewal.due - 1)
    assert renewal.process is None
    renewal.go_on(renewal.due)
    assert renewal.process
    renewal.process.wait()


def test_failed_renewal_is_tried_again_within_the_server_s_limit() -> None:
    renewal = Renewal(["false"])
    renewal.go_on(100)
    assert renewal.process
    renewal.process.wait()
    renewal.go_on(101)
    assert renewal.due == 101 + RETRY_SECONDS
    assert 3600 / RETRY_SECONDS < 5


def test_certificate_that_is_not_due_is_kept_unless_told_otherwise() -> None:
    assert certbot("certbot.ini", "gateway")[-1] == "--keep-until-expiring"
    assert certbot("certbot.ini", "gateway", due=False)[-1] == "--force-renewal"


def test_issued_certificate_is_taken_over_once(certificate: Certificate, issued: Path) -> None:
    assert certificate.take(issued)
    assert not certificate.take(issued)
    pem = certificate.file.read_text()
    assert pem == (issued / "fullchain.pem").read_text() + (issued / "privkey.pem").read_text()
    assert certificate.fingerprint == fingerprint(pem)


def test_nothing_is_taken_over_before_the_first_issue(certificate: Certificate, tmp_path: Path) -> None:
    assert not certificate.take(tmp_path / "nowhere")
    assert not certificate.file.exists()


def test_key_of_another_certificate_is_not_taken_over(certificate: Certificate, issued: Path) -> None:
    certificate.take(issued)
    before = certificate.file.read_text()
    issue(issued, valid_now(), key=valid_now())
    assert not certificate.take(issued)
    assert certificate.file.read_text() == before


def test_haproxy_finds_no_half_written_file(certificate: Certificate, issued: Path) -> None:
    certificate.take(issued)
    issue(issued, valid_now(), key=valid_now())
    certificate.take(issued)
    assert [file.name for file in certificate.file.parent.iterdir() if file.is_file()] == ["certificate.pem"]


def test_edge_gets_the_first_certificate_and_the_next(certificate: Certificate, issued: Path, haproxy: HAProxy) -> None:
    certificate.take(issued)
    assert spread(certificate) == [f"edge one serves the certificate {certificate.fingerprint}"]
    assert haproxy.text == "\n".join(certificate.file.read_text().splitlines())
    issue(issued, valid_now())
    certificate.take(issued)
    assert spread(certificate) == [f"edge one serves the certificate {certificate.fingerprint}"]


def test_edge_that_has_the_certificate_and_does_not_serve_it_gets_it_again(
    certificate: Certificate, issued: Path, haproxy: HAProxy
) -> None:
    certificate.take(issued)
    spread(certificate)
    haproxy.listed = False
    spread(certificate)
    assert haproxy.listed


def test_edge_that_serves_the_certificate_is_left_alone(
    certificate: Certificate, issued: Path, haproxy: HAProxy
) -> None:
    certificate.take(issued)
    spread(certificate)
    haproxy.commands.clear()
    assert spread(certificate) == []
    assert haproxy.commands == ["show ssl cert"]


def test_refusal_of_one_edge_names_its_reason_and_holds_up_no_other(
    certificate: Certificate, issued: Path, haproxy: HAProxy, tmp_path: Path
) -> None:
    certificate.take(issued)
    haproxy.refuses = True
    other = HAProxy(tmp_path / "two.sock")
    first, second = spread(certificate)
    other.close()
    assert first == "edge one did not take the certificate: Success! Success! no private key Success!"
    assert second.startswith("edge two serves")


def test_socket_of_an_edge_that_is_gone_is_removed(certificate: Certificate, issued: Path, haproxy: HAProxy) -> None:
    certificate.take(issued)
    haproxy.close()
    path = certificate.file.parent / "one.sock"
    assert spread(certificate) == []
    assert path.exists()
    old = time.time() - STALE_SECONDS - 1
    os.utime(path, (old, old))
    spread(certificate)
    assert not path.exists()


def test_edge_that_does_not_answer_is_an_error(certificate: Certificate, issued: Path, tmp_path: Path) -> None:
    certificate.take(issued)
    with pytest.raises(OSError, match="No such file"):
        Edge(tmp_path / "nobody.sock").serves(certificate)


@pytest.fixture
def alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the health check looks at."""
    monkeypatch.setattr(renew, "ALIVE", tmp_path / "alive")
    return tmp_path / "alive"


def test_rounds_go_on_and_tell_each_thing_once(
    certificate: Certificate,
    issued: Path,
    haproxy: HAProxy,
    alive: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rounds = list[float]()
    haproxy.refuses = True

    def wait(seconds: float) -> None:
        rounds.append(seconds)
        assert alive.exists()
        if len(rounds) == 3:
            raise KeyboardInterrupt

    renewal = Renewal(["true"])
    with pytest.raises(KeyboardInterrupt):
        run(renewal, certificate, issued, wait)
    wait_until(lambda: renewal.process is None or renewal.process.poll() is not None, 5)
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if "did not take" in line]) == 1
    assert len([line for line in lines if line.startswith("issued: ")]) == 1
