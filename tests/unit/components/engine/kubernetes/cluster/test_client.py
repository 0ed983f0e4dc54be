"""The API of one cluster."""

import re
from pathlib import Path

import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.kubernetes.cluster.client import Cluster, ClusterError, Refused
from components.engine.kubernetes.settings import KubernetesSettings
from tests.unit.components.engine.kubernetes.cluster.api import TOKEN, kubeconfig, serving


def test_named_context_is_asked_whatever_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/elsewhere")
    with serving(tmp_path, {"/version": {"minor": "34"}}) as settings:
        assert Cluster(settings).get("/version") == {"minor": "34"}


def test_list_is_asked_by_labels(tmp_path: Path) -> None:
    asked: list[tuple[str, str, object]] = []
    with serving(tmp_path, {"/api/v1/pods": {"items": [{"kind": "Pod"}]}}, asked) as settings:
        assert Cluster(settings).items("/api/v1/pods", labelSelector="a=b,c=d") == [{"kind": "Pod"}]
    assert asked == [("/api/v1/pods", "labelSelector=a%3Db%2Cc%3Dd", None)]


@pytest.mark.parametrize("status", [403, 404])
def test_what_may_not_be_read_is_as_if_it_were_not_there(tmp_path: Path, status: int) -> None:
    with serving(tmp_path, {"/api/v1/nodes": status}) as settings:
        cluster = Cluster(settings)
        assert cluster.items("/api/v1/nodes") is None
        assert cluster.find("/api/v1/nodes") is None


def test_other_error_is_the_cluster_s_own_sentence(tmp_path: Path) -> None:
    with serving(tmp_path, {"/version": 500}) as settings, pytest.raises(Refused, match=r"^no /version$") as caught:
        Cluster(settings).find("/version")
    assert caught.value.status == 500


def test_text_is_returned_as_it_is(tmp_path: Path) -> None:
    with serving(tmp_path, {"/log": "one\ntwo\n"}) as settings:
        assert Cluster(settings).text("/log") == "one\ntwo\n"


def test_object_is_changed_by_a_patch(tmp_path: Path) -> None:
    asked: list[tuple[str, str, object]] = []
    operations = [{"op": "remove", "path": "/spec/replicas"}]
    with serving(tmp_path, {"/deployments/edge": {}}, asked) as settings:
        Cluster(settings).patch("/deployments/edge", operations)
    assert asked == [("/deployments/edge", "", operations)]


def test_command_that_is_refused_is_one_sentence_without_credentials(tmp_path: Path) -> None:
    path = "/api/v1/namespaces/gateway-blue/pods/backup-0/exec"
    with (
        serving(tmp_path, {path: 403}) as settings,
        pytest.raises(ClusterError, match=r"^no command can be run in backup-0, .*pods/exec: .*403") as caught,
    ):
        Cluster(settings).execute("gateway-blue", "backup-0", "backup", ["true"], stdin=False)
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_cluster_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    settings = KubernetesSettings(context="test", kubeconfig=str(kubeconfig(tmp_path, "http://127.0.0.1:9")))
    with pytest.raises(ClusterError, match=r"^the cluster at http://127\.0\.0\.1:9 does not answer: ") as caught:
        Cluster(settings).get("/version")
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_missing_context_names_those_that_are_there(tmp_path: Path) -> None:
    file = kubeconfig(tmp_path, "http://127.0.0.1:9")
    sentence = f"kubernetes.context: {file} has no context prod; it has test, other"
    with pytest.raises(ClusterError, match=f"^{re.escape(sentence)}$"):
        Cluster(KubernetesSettings(context="prod", kubeconfig=str(file)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [(None, "No such file or directory"), ("[", "it is no kubeconfig"), ("text", "it is no kubeconfig")],
)
def test_unusable_kubeconfig_is_one_sentence(tmp_path: Path, text: str | None, reason: str) -> None:
    file = tmp_path / "kubeconfig"
    if text is not None:
        file.write_text(text)
    sentence = f"kubernetes.kubeconfig: {file} cannot be read: {reason}"
    with pytest.raises(ClusterError, match=f"^{re.escape(sentence)}$"):
        Cluster(KubernetesSettings(context="prod", kubeconfig=str(file)))
