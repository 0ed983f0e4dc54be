"""A pod that runs one program and is deleted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.connection.throwaway_container import ProgramFailed, ThrowawayContainer
from components.engine.kubernetes.cluster.client import Cluster
from components.engine.kubernetes.throwaway_pod import run_in_pod
from tests.unit.components.engine.kubernetes.cluster.api import serving

CORE = "/api/v1/namespaces/gateway-prod"
CONTAINER = ThrowawayContainer(
    "prod",
    "external-databases",
    "litellm:1",
    "101:101",
    ("python3", "-c", "ask"),
    secrets={"servers.json": "hush"},
    config={"ca.pem": "authority"},
)


def answers(phase: str, log: str) -> dict[str, Any]:
    made = {kind: {"metadata": {"name": f"made-{kind}"}} for kind in ("secrets", "configmaps", "pods")}
    pod = {"metadata": {"name": "made-pods"}, "spec": {"containers": [{"name": "x"}]}, "status": {"phase": phase}}
    return {
        **{f"{CORE}/{kind}": answer for kind, answer in made.items()},
        **{f"{CORE}/{kind}/made-{kind}": {} for kind in ("secrets", "configmaps")},
        f"{CORE}/pods/made-pods": pod,
        f"{CORE}/pods/made-pods/log": log,
    }


def run(folder: Path, given: dict[str, Any], asked: list[tuple[str, str, Any]], **changes: Any) -> str | None:
    with serving(folder, given, asked) as served:
        settings = served.model_copy(update={"image_pull_timeout": 0})
        return run_in_pod(Cluster(settings), settings, "gateway-prod", replace(CONTAINER, **changes))


def test_program_s_output_is_returned_and_nothing_stays(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    assert run(tmp_path, answers("Succeeded", '{"postgres": {}}'), asked) == '{"postgres": {}}'
    deleted = [path for path, query, _ in asked if query.startswith("gracePeriodSeconds=0")]
    assert deleted == [f"{CORE}/{kind}/made-{kind}" for kind in ("pods", "configmaps", "secrets")]


def test_secrets_are_in_the_secret_alone(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    run(tmp_path, answers("Succeeded", "{}"), asked)
    assert [path for path, _, body in asked if "hush" in str(body)] == [f"{CORE}/secrets"]
    (pod,) = (body for path, _, body in asked if path == f"{CORE}/pods" and body)
    assert pod["metadata"]["generateName"] == "pod-"
    assert pod["metadata"]["labels"]["gateway.network.front"] == "true"
    assert pod["spec"]["automountServiceAccountToken"] is False
    (container,) = pod["spec"]["containers"]
    assert container["command"] == ["python3", "-c", "ask"]
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/run/secrets", "/etc/gateway", "/tmp"}  # noqa: S108


def test_failure_shows_the_log_and_nothing_stays(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    with pytest.raises(ProgramFailed, match=r"^external-databases failed:\nno module$"):
        run(tmp_path, answers("Failed", "no module\n"), asked)
    assert len([path for path, query, _ in asked if query.startswith("gracePeriodSeconds=0")]) == 3


def test_program_that_does_not_end_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match=r"^external-databases did not end within 0 s: made-pods: Pending$"):
        run(tmp_path, answers("Pending", ""), [], timeout=0)


def test_namespace_that_is_not_there_yet_has_no_answer(tmp_path: Path) -> None:
    assert run(tmp_path, {}, []) is None
