"""The certificate: issued, kept over replacement and host, revoked, and secret."""

import json
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from testbed.container import must_run
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.acme.callers import callers
from tests.e2e.acme.gateway import FOLDER, HOST, AcmeGateway, certificate


def test_first_update_ends_well_without_the_acme_server(acme: AcmeGateway) -> None:
    assert acme.unissued == {"served": None, "status": 200}


def test_certificate_is_the_acme_server_s_for_the_domain(acme: AcmeGateway) -> None:
    with acme.connect() as connection:
        names = certificate(connection).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [HOST]


def test_client_that_asks_for_another_name_gets_no_certificate(acme: AcmeGateway) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        acme.connect("other.example.test")


def test_certificate_is_kept_when_the_containers_are_replaced(acme: AcmeGateway, gateway: Project, key: str) -> None:
    old, before = acme.served, {name: gateway.container(name).id for name in ("edge", "acme")}
    changes = {"gateway:edge.queue_length": 99, "gateway:edge.acme.email": "other@example.test"}
    with callers(acme, key) as results, acme.server.away(), gateway.changed(changes):
        wait_until(lambda: len(gateway.containers("edge")) == 1, 90)
        assert before["edge"] != gateway.container("edge").id
        assert before["acme"] != gateway.container("acme").id
        assert acme.served == old
    assert {answer for answers in results for answer in answers} == {200}


def answers_without_tls(gateway: Project) -> bool:
    """Return whether the port answers that the ACME server asks."""
    try:
        answer = httpx.get(f"{gateway.output('proxy_url')}/health/liveliness", headers={"Host": HOST})
    except httpx.HTTPError:
        return False
    return answer.is_success


def test_new_edge_gets_the_next_certificate(acme: AcmeGateway, gateway: Project) -> None:
    gateway.container("edge").restart()
    wait_until(lambda: acme.served == acme.issued, 60)
    # The ingress checks each of its ports on its own.
    wait_until(lambda: answers_without_tls(gateway), 60)
    acme.must_renew()


def test_certificate_and_account_can_be_brought_to_another_host(acme: AcmeGateway, tmp_path: Path) -> None:
    wait_until(lambda: acme.served == acme.issued, 30)
    old, archive = acme.issued, tmp_path / "certificates.tar"
    docker = ("docker", "exec", "-i", acme.certbot.name or "")
    with archive.open("wb") as file:
        subprocess.run([*docker, "tar", "-C", FOLDER, "-cf", "-", "certbot"], stdout=file, check=True)
    acme.must_renew()
    assert acme.issued != old
    must_run(acme.certbot, "rm", "-r", f"{FOLDER}/certbot")
    with archive.open("rb") as file:
        subprocess.run([*docker, "tar", "-C", FOLDER, "-xf", "-"], stdin=file, check=True)
    wait_until(lambda: acme.served == old, 30)
    assert acme.must_renew() != old


def test_former_certificate_can_be_revoked(acme: AcmeGateway) -> None:
    acme.must_renew()
    former = must_run(acme.certbot, "sh", "-c", 'ls -t "${CERTIFICATE%/live/*}"/archive/gateway/cert*.pem').split()[1]
    command = (
        "certbot revoke --config /etc/gateway/certbot.ini --reason keycompromise --no-delete-after-revoke --cert-path"
    )
    assert "successfully revoked" in must_run(acme.certbot, *command.split(), former)
    wait_until(lambda: acme.served == acme.issued, 30)


def test_health_says_until_when_the_certificate_is_valid(acme: AcmeGateway, gateway: Project) -> None:
    with acme.connect() as connection:
        end = certificate(connection).not_valid_after_utc
    (row,) = (
        row for row in json.loads(gateway.must_ops("health", "--json"))["parts"] if row["part"].startswith("https")
    )
    assert row["detail"] == f"certificate until {end:%Y-%m-%d %H:%M} UTC"


def test_keys_are_nowhere_but_in_the_volume(acme: AcmeGateway, gateway: Project) -> None:
    files = must_run(
        acme.certbot, "sh", "-c", "cat \"$CERTIFICATE/privkey.pem\"; find /var/lib/haproxy -name '*key*json'"
    )
    secret, account = files.splitlines()[1], files.splitlines()[-1]
    numbers = must_run(acme.certbot, "cat", account)
    parts = [secret, *(part for part in numbers.split('"') if len(part) > 30)]
    assert len(parts) > 1
    state = gateway.must("stack", "export", "--show-secrets").output
    for container in (each for each in gateway.containers() if each.status == "running"):
        state += container.logs().decode(errors="replace") + str(container.attrs)
    assert [part for part in parts if part in state] == []


def test_only_the_edge_s_user_reaches_keys_and_socket(acme: AcmeGateway) -> None:
    listed = must_run(
        acme.certbot, "sh", "-c", f"stat -c '%u %a %F' {FOLDER}/certificate.pem {FOLDER}/*.sock {FOLDER}/certbot"
    )
    assert set(listed.splitlines()) == {"99 600 regular file", "99 600 socket", "99 700 directory"}
