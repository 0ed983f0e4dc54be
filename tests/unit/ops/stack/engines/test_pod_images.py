"""A cluster says whether it gets an image."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.kubernetes.cluster.client import FORBIDDEN, Cluster, Refused
from ops.stack.engines import pod_images
from ops.stack.engines.pod_images import unavailable_images
from tests.unit.components.engine.kubernetes.cluster.api import serving

CORE = "/api/v1/namespaces/gateway-dev"


def answers(phase: str) -> dict[str, Any]:
    made = {kind: {"metadata": {"name": f"made-{kind}"}} for kind in ("secrets", "configmaps", "pods")}
    pod = {"metadata": {"name": "made-pods"}, "spec": {"containers": [{"name": "x"}]}, "status": {"phase": phase}}
    return {
        **{f"{CORE}/{kind}": answer for kind, answer in made.items()},
        **{f"{CORE}/{kind}/made-{kind}": {} for kind in ("secrets", "configmaps")},
        f"{CORE}/pods/made-pods": pod,
        f"{CORE}/pods/made-pods/log": "exec format error",
    }


def unavailable(folder: Path, given: dict[str, Any], asked: list[Any]) -> list[str]:
    with serving(folder, given, asked) as settings:
        return list(unavailable_images(Cluster(settings), settings, "gateway-dev", "dev", ["litellm:1"]))


def test_pod_that_does_nothing_else_pulls_an_image(tmp_path: Path) -> None:
    asked: list[Any] = []
    assert unavailable(tmp_path, answers("Succeeded"), asked) == []
    (pod,) = (body for path, _, body in asked if path == f"{CORE}/pods" and body)
    (container,) = pod["spec"]["containers"]
    assert (container["image"], container["command"]) == ("litellm:1", ["/bin/true"])


def test_image_that_does_not_start_is_one_sentence(tmp_path: Path) -> None:
    failed = "image litellm:1: image-pull failed:\nexec format error"
    assert unavailable(tmp_path, answers("Failed"), []) == [failed]


def test_missing_right_to_make_pods_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise Refused(FORBIDDEN, "pods is forbidden")

    monkeypatch.setattr(pod_images, "run_in_pod", refuse)
    assert unavailable(tmp_path, {}, []) == []
    assert "warning: whether the cluster gets litellm:1 is not known: pods is forbidden" in capsys.readouterr().out
