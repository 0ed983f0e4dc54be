"""What commands ask a cluster about a stack."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from components.engine.ownership import EngineObject, ObjectKind
from ops.errors import OperationError
from ops.stack.engines import engine
from ops.stack.engines.engine import require_docker, stack_engine
from ops.stack.engines.kubernetes import KubernetesStack
from tests.unit.components.engine.kubernetes.cluster.api import kubeconfig, serving

CORE = "/api/v1/namespaces/gateway-blue"
CLAIM = "persistentvolumeclaim/data"
OWN = {"app.kubernetes.io/instance": "blue", "app.kubernetes.io/name": "edge", "gateway.identity": "abcd"}
SERVICE = {
    "metadata": {"name": "gateway", "labels": OWN},
    "spec": {"ports": [{"name": "proxy", "port": 4000, "nodePort": 30400}, {"name": "health", "port": 4001}]},
}


def pod(name: str, phase: str = "Running", **metadata: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "labels": OWN, **metadata}, "status": {"phase": phase, "hostIP": "10.0.0.7"}}


def stack(folder: Path, server: str, **more: Any) -> KubernetesStack:
    settings = {"context": "test", "kubeconfig": str(kubeconfig(folder, server)), **more}
    return KubernetesStack.of("blue", yaml.safe_dump({"config": {"gateway:kubernetes": settings}}))


def asking(folder: Path, answers: Mapping[str, Any], **more: Any) -> Any:
    """Serve the answers, and return the stack that asks for them."""

    class Asking:
        def __enter__(self) -> KubernetesStack:
            self._server = serving(folder, answers)
            file = yaml.safe_load(Path(str(self._server.__enter__().kubeconfig)).read_text())
            return stack(folder, file["clusters"][0]["cluster"]["server"], **more)

        def __exit__(self, *_: object) -> None:
            self._server.__exit__(None, None, None)

    return Asking()


def test_objects_are_those_of_the_stack_s_name(tmp_path: Path) -> None:
    theirs = {"app.kubernetes.io/instance": "green"}
    claims = {"items": [{"metadata": {"name": "data", "uid": "1", "labels": OWN}}]}
    jobs = {"items": [{"metadata": {"name": "dump", "uid": "2", "labels": theirs}}]}
    answers = {f"{CORE}/persistentvolumeclaims": claims, "/apis/batch/v1/namespaces/gateway-blue/jobs": jobs}
    with asking(tmp_path, answers) as found:
        assert found.objects() == (EngineObject(ObjectKind.OBJECT, CLAIM, CLAIM, "abcd"),)


def test_object_is_deleted_with_what_belongs_to_it(tmp_path: Path) -> None:
    asked: list[tuple[str, str, Any]] = []
    with serving(tmp_path, {"/apis/batch/v1/namespaces/gateway-blue/jobs/dump": {}}, asked) as settings:
        server = yaml.safe_load(Path(str(settings.kubeconfig)).read_text())["clusters"][0]["cluster"]["server"]
        stack(tmp_path, server).remove(EngineObject(ObjectKind.OBJECT, "2", "job/dump"))
    (path, query, _) = asked[-1]
    assert (path, "propagationPolicy=Background" in query) == ("/apis/batch/v1/namespaces/gateway-blue/jobs/dump", True)


def test_object_that_may_not_be_deleted_stays_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with asking(tmp_path, {f"{CORE}/secrets/keys": 403}) as found:
        found.remove(EngineObject(ObjectKind.OBJECT, "2", "secret/keys"))
    assert "secret/keys stays: blue: no " in capsys.readouterr().out


def test_ended_pods_are_left_out(tmp_path: Path) -> None:
    ended = [pod("done", "Succeeded"), pod("evicted", "Failed"), pod("going", deletionTimestamp="2030")]
    with asking(tmp_path, {f"{CORE}/pods": {"items": [pod("edge-1"), *ended]}}) as found:
        assert {part: [each["metadata"]["name"] for each in pods] for part, pods in found.pods().items()} == {
            "edge": ["edge-1"]
        }


@pytest.mark.parametrize(
    ("kind", "port", "reached"),
    [
        ("NodePort", "proxy", "http://10.0.0.7:30400/x"),
        ("NodePort", "health", "http://gateway.blue.svc:4000/x"),
        ("LoadBalancer", "proxy", "http://gateway.blue.svc:4000/x"),
    ],
)
def test_node_port_is_asked_at_a_node_with_an_edge(tmp_path: Path, kind: str, port: str, reached: str) -> None:
    answers = {f"{CORE}/pods": {"items": [pod("edge-1")]}, f"{CORE}/services/gateway": SERVICE}
    with asking(tmp_path, answers, service={"type": kind}) as found:
        assert found.reachable_urls({port: "http://gateway.blue.svc:4000/x"}) == {port: reached}


def test_address_of_an_ingress_is_asked_as_it_is(tmp_path: Path) -> None:
    answers = {f"{CORE}/pods": {"items": [pod("edge-1")]}, f"{CORE}/services/gateway": SERVICE}
    urls = {"proxy": "https://llm.example.com", "health": "https://llm.example.com/health/liveliness"}
    with asking(tmp_path, answers, service={"type": "NodePort"}, ingress={"host": "llm.example.com"}) as found:
        assert found.reachable_urls(urls) == urls
        # The outputs are still those of before the Ingress.
        assert found.reachable_urls({"proxy": "http://gateway.svc:4000"}) == {"proxy": "http://10.0.0.7:30400"}


def test_objects_of_add_ons_belong_to_the_stack(tmp_path: Path) -> None:
    made = {"items": [{"metadata": {"name": "gateway", "uid": "1", "labels": OWN}}]}
    paths = {
        "ingress/gateway": "networking.k8s.io/v1/namespaces/gateway-blue/ingresses",
        "httproute/gateway": "gateway.networking.k8s.io/v1/namespaces/gateway-blue/httproutes",
        "servicemonitor/gateway": "monitoring.coreos.com/v1/namespaces/gateway-blue/servicemonitors",
        "prometheusrule/gateway": "monitoring.coreos.com/v1/namespaces/gateway-blue/prometheusrules",
    }
    with asking(tmp_path, {f"/apis/{path}": made for path in paths.values()}) as found:
        assert {each.name for each in found.objects()} == paths.keys()


@pytest.mark.parametrize(("kind", "questions"), [("NodePort", 2), ("LoadBalancer", 0)])
def test_cluster_is_asked_once_for_all_addresses(tmp_path: Path, kind: str, questions: int) -> None:
    asked: list[tuple[str, str, Any]] = []
    answers = {f"{CORE}/pods": {"items": [pod("edge-1")]}, f"{CORE}/services/gateway": SERVICE}
    with serving(tmp_path, answers, asked) as settings:
        server = yaml.safe_load(Path(str(settings.kubeconfig)).read_text())["clusters"][0]["cluster"]["server"]
        found = stack(tmp_path, server, service={"type": kind})
        found.reachable_urls({"proxy": "http://gateway:4000", "health": "http://gateway:4001"})
    assert len(asked) == questions


def test_one_command_has_one_client_of_the_cluster(tmp_path: Path) -> None:
    assert stack(tmp_path, "http://127.0.0.1:1").cluster is stack(tmp_path, "http://127.0.0.1:1").cluster


def test_key_goes_to_no_other_stack_s_service(tmp_path: Path) -> None:
    with asking(tmp_path, {f"{CORE}/services/gateway": SERVICE}) as found:
        found.require_own_port("http://gateway")
    foreign = {**SERVICE, "metadata": {"name": "gateway", "labels": {}}}
    (other := tmp_path / "other").mkdir()
    with (
        asking(other, {f"{CORE}/services/gateway": foreign}) as found,
        pytest.raises(OperationError, match=r"^namespace gateway-blue .* has no Service of blue, so nothing was sent"),
    ):
        found.require_own_port("http://gateway")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (None, r"^blue: kubernetes: Input should be a valid dictionary"),
        ({"context": ""}, r"^blue: kubernetes\.context: "),
        ({"context": "test", "kubeconfig": "/nonexistent"}, r"^blue: kubernetes\.kubeconfig: /nonexistent cannot"),
    ],
)
def test_cluster_that_cannot_be_named_is_one_sentence(settings: object, sentence: str) -> None:
    with pytest.raises(OperationError, match=sentence):
        KubernetesStack.of("blue", yaml.safe_dump({"config": {"gateway:kubernetes": settings}}))


def test_cluster_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"^blue: the cluster at http://127\.0\.0\.1:1 does not answer"):
        stack(tmp_path, "http://127.0.0.1:1").objects()


def test_stack_s_file_chooses_its_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "cluster_of", lambda name: f"cluster of {name}")
    assert str(stack_engine("cluster")) == "cluster of cluster"
    assert stack_engine("dev") == engine.DockerStack("dev")


def test_command_that_knows_docker_alone_says_what_to_do_instead() -> None:
    require_docker("dev", "do that")
    with pytest.raises(OperationError, match=r"^cluster runs on Kubernetes, and this command knows Docker alone; do"):
        require_docker("cluster", "do that")
