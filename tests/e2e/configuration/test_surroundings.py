"""Own authorities, an outgoing proxy, a root path, and what stays private below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from testbed.completion import CHAT, question
from testbed.gateway import store_model
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.configuration.conftest import CERTIFICATE, TLS_HOST
from tests.e2e.configuration.receivers import FORWARD_PROXY, TLS_SERVER, front_container

PROXY_HOST = "outgoing-proxy"


@contextmanager
def tls_provider(gateway: Project, folder: Path) -> Iterator[None]:
    """Run the provider whose certificate only the stack's own authority vouches for."""
    file = folder / "server.pem"
    file.write_text(CERTIFICATE)
    file.chmod(0o644)
    folder.chmod(0o755)
    options = {
        "entrypoint": ["python3", "-uc"],
        "command": [TLS_SERVER.read_text(), "/server.pem"],
        "volumes": [f"{file}:/server.pem:ro"],
    }
    with front_container(gateway, TLS_HOST, **options) as server:
        wait_until(lambda: b"listening" in server.logs(), 60)
        yield


def answer_of(proxy: httpx.Client, model: str) -> str:
    """Return a stored model's answer, as soon as each worker knows the model."""
    wait_until(lambda: proxy.post(f"/llm{CHAT}", json=question(model)).is_success, 90)
    answer = proxy.post(f"/llm{CHAT}", json=question(model)).json()
    return str(answer["choices"][0]["message"]["content"])


def test_provider_with_a_certificate_of_an_own_authority_answers(
    gateway: Project, proxy: httpx.Client, tmp_path: Path
) -> None:
    with tls_provider(gateway, tmp_path):
        store_model(proxy, "behind-tls", "sk-any", api_base=f"https://{TLS_HOST}:8443/v1")
        assert answer_of(proxy, "behind-tls") == "pong"


def test_provider_is_asked_through_the_outgoing_proxy(
    gateway: Project, proxy: httpx.Client, tmp_path: Path, restored: None
) -> None:
    command = [FORWARD_PROXY.read_text()]
    with (
        tls_provider(gateway, tmp_path),
        front_container(gateway, PROXY_HOST, entrypoint=["python3", "-uc"], command=command) as outgoing,
    ):
        wait_until(lambda: b"listening" in outgoing.logs(), 60)
        gateway.change("gateway:litellm.outgoing_proxy", f"http://{PROXY_HOST}:3128")
        gateway.up()
        store_model(proxy, "through-a-proxy", "sk-any", api_base=f"https://{TLS_HOST}:8443/v1")
        assert answer_of(proxy, "through-a-proxy") == "pong"
        assert answer_of(proxy, "plain")
        seen = set(outgoing.logs().decode().splitlines())
    assert f"CONNECT {TLS_HOST}:8443" in seen
    assert [line for line in seen if "provider:8090" in line or "redis" in line or "postgres" in line] == []


def test_ui_and_its_files_are_served_below_the_root_path(proxy: httpx.Client) -> None:
    page = proxy.get("/llm/ui/", follow_redirects=True)
    assert page.status_code == 200
    files = [part.split('"')[0] for part in page.text.split('src="')[1:] if "_next" in part.split('"')[0]]
    assert files
    assert all(file.startswith("/llm/") for file in files), files[:3]
    assert proxy.get(files[0]).status_code == 200


def test_metrics_are_private_below_the_root_path_too(proxy: httpx.Client) -> None:
    assert [proxy.get(path).status_code for path in ("/metrics", "/llm/metrics", "/llm/metrics/")] == [404] * 3
