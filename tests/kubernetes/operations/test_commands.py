"""The verbs of `python -m ops` for a stack on a real cluster."""

import json
from typing import Any

import httpx
import pytest

from testbed.cluster.configuration import proxy_url
from testbed.completion import status
from testbed.project import Project
from testbed.repository import Repository, versions
from tests.kubernetes.clients import Clients


@pytest.fixture
def repository(gateway: Project) -> Repository:
    """The project under git."""
    return Repository(gateway)


def virtual_key(gateway: Project) -> str:
    """Make a virtual key."""
    headers = {"Authorization": f"Bearer {gateway.output('master_key')}"}
    answer = httpx.post(f"{proxy_url()}/key/generate", json={}, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["key"])


def last_line(output: str) -> Any:
    """Return the JSON of the last line; before it is the progress."""
    return json.loads(output.splitlines()[-1])


def test_health_has_a_row_for_every_pod_and_all_are_healthy(gateway: Project) -> None:
    found = json.loads(gateway.must_ops("health", "--json"))
    assert [part for part in found["parts"] if part["state"] != "healthy"] == []
    parts = [part["part"] for part in found["parts"]]
    assert (parts.count("litellm"), parts.count("edge"), parts.count("postgres")) == (2, 2, 1)


def test_every_model_works(gateway: Project) -> None:
    found = last_line(gateway.must_ops("models", "--json"))
    assert found["enough"]
    assert found["working"] > 1


def test_load_is_answered_whole(gateway: Project) -> None:
    found = last_line(gateway.must_ops("load", "--requests", "40", "--concurrency", "8", "--json"))
    assert found["failures"] == {}


def test_preview_says_in_words_what_up_then_does_and_history_remembers(gateway: Project) -> None:
    before = gateway.config
    gateway.change("gateway:edge.queue_length", 70)
    preview = gateway.must_ops("preview")
    (edges,) = [line.split() for line in preview.splitlines() if line.startswith("  edge ")]
    assert " ".join(edges) == "edge replaced, the new one beside the old: haproxy.cfg"
    assert "requests at risk: none" in preview
    assert "answered" in gateway.must_ops("up", "--message", "a shorter queue")
    assert "nothing changes" in gateway.must_ops("preview")
    newest = json.loads(gateway.must_ops("history", "--json"))[-1]
    assert (newest["message"], newest["result"]) == ("a shorter queue", "succeeded")
    assert any("queue_length" in change for change in newest["settings_changed"])
    gateway.configure(before)
    gateway.must_ops("up")


def test_lost_state_is_made_again_of_containers_alone(gateway: Project) -> None:
    result = gateway.ops("recover", gateway.stack, "--yes", "--lost-state")
    assert result.exit_code == 1
    assert result.output.startswith(f"error: {gateway.stack} runs on Kubernetes, and ")


def test_doctor_finds_the_cluster_fit(gateway: Project) -> None:
    found = last_line(gateway.ops("doctor", gateway.stack, "--json").output)
    checks = {check["subject"]: check["status"] for check in found["checks"]}
    assert checks[f"{gateway.stack}: cluster"] == "ok"
    assert checks[f"{gateway.stack}: secrets"] == "ok"


def test_rotated_key_is_the_only_master_key_and_no_request_of_others_is_lost(gateway: Project) -> None:
    old, key = gateway.output("master_key"), virtual_key(gateway)
    with Clients(proxy_url(), key) as clients:
        told = gateway.must_ops("rotate", "--yes")
    clients.figure("master key rotated")
    new = gateway.output("master_key")
    assert (status(proxy_url(), old), status(proxy_url(), new)) == (401, 200)
    assert old not in told
    assert new not in told
    assert clients.failures == []


def test_rollback_restores_an_earlier_version_and_loses_no_request(gateway: Project, repository: Repository) -> None:
    setting = "gateway:edge.queue_length"
    before = gateway.config
    for length in (71, 72):
        gateway.change(setting, length)
        repository.commit(f"queue of {length}")
        gateway.must_ops("up")
    target = versions(gateway)[-2]["version"]
    with Clients(proxy_url(), gateway.output("master_key")) as clients:
        gateway.must_ops("rollback", "--to", str(target), "--yes")
    clients.figure("rollback")
    entry = versions(gateway)[-1]
    assert (entry["message"], entry["result"]) == (f"rollback to version {target}", "succeeded")
    gateway.change(setting, 71)
    gateway.expect_no_changes()
    assert clients.failures == []
    gateway.configure(before)
    gateway.must_ops("up")
