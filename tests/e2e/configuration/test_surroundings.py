"""Own authorities, a root path, and what stays private below it."""

from pathlib import Path

import httpx

from testbed.completion import CHAT, question
from testbed.gateway import store_model
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.configuration.conftest import CERTIFICATE, TLS_HOST
from tests.e2e.configuration.receivers import TLS_SERVER, front_container


def test_provider_with_a_certificate_of_an_own_authority_answers(
    gateway: Project, proxy: httpx.Client, tmp_path: Path
) -> None:
    file = tmp_path / "server.pem"
    file.write_text(CERTIFICATE)
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    options = {
        "entrypoint": ["python3", "-uc"],
        "command": [TLS_SERVER.read_text(), "/server.pem"],
        "volumes": [f"{file}:/server.pem:ro"],
    }
    with front_container(gateway, TLS_HOST, **options) as server:
        wait_until(lambda: b"listening" in server.logs(), 60)
        store_model(proxy, "behind-tls", "sk-any", api_base=f"https://{TLS_HOST}:8443/v1")
        wait_until(lambda: proxy.post(f"/llm{CHAT}", json=question("behind-tls")).is_success, 90)
        answer = proxy.post(f"/llm{CHAT}", json=question("behind-tls"))
    assert answer.json()["choices"][0]["message"]["content"] == "pong"


def test_ui_and_its_files_are_served_below_the_root_path(proxy: httpx.Client) -> None:
    page = proxy.get("/llm/ui/", follow_redirects=True)
    assert page.status_code == 200
    files = [part.split('"')[0] for part in page.text.split('src="')[1:] if "_next" in part.split('"')[0]]
    assert files
    assert all(file.startswith("/llm/") for file in files), files[:3]
    assert proxy.get(files[0]).status_code == 200


def test_metrics_are_private_below_the_root_path_too(proxy: httpx.Client) -> None:
    assert [proxy.get(path).status_code for path in ("/metrics", "/llm/metrics", "/llm/metrics/")] == [404] * 3
