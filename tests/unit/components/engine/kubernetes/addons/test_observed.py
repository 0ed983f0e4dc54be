"""What is refused where a cluster lacks what the settings use."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from components.engine.kubernetes.addons.observed import ObservedAddons, observe, refusals
from components.engine.kubernetes.settings import KubernetesSettings

CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
GATEWAY_API = "/apis/gateway.networking.k8s.io/v1"
GATEWAYS = f"{GATEWAY_API}/namespaces/gateways/gateways"
MONITORING_API = "/apis/monitoring.coreos.com/v1"
SECRET = "/api/v1/namespaces/gateway-test/secrets/llm-tls"
DEFAULT = {"ingressclass.kubernetes.io/is-default-class": "true"}
NGINX = {"metadata": {"name": "nginx", "annotations": DEFAULT}}
TRAEFIK: dict[str, Any] = {"metadata": {"name": "traefik"}}
SERVED = {"resources": [{"name": "gateways"}, {"name": "httproutes"}]}
INGRESS = {"host": "llm.example.com"}
ROUTE = {"gateway": "public", "namespace": "gateways"}
ALLOW = "let `allowedRoutes.namespaces` of a listener take those of gateway-test"


def listener(name: str, takes: str | None = None) -> dict[str, Any]:
    allowed = {"allowedRoutes": {"namespaces": {"from": takes}}} if takes else {}
    return {"name": name, **allowed}


def gateway(*listeners: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "public"}, "spec": {"listeners": list(listeners)}}


@dataclass
class Answers:
    """A cluster's answers by path; anything else is not found."""

    known: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    def find(self, path: str) -> dict[str, Any] | None:
        self.asked.append(path)
        return self.known.get(path)

    def items(self, path: str) -> list[dict[str, Any]] | None:
        self.asked.append(path)
        return self.known.get(path)


def refused(known: dict[str, Any], *, exists: bool = True, **given: Any) -> list[str]:
    settings = KubernetesSettings.model_validate({"context": "test", **given})
    seen = observe(Answers(known), settings, "gateway-test", exists=exists)
    return refusals(seen, settings, "gateway-test")


def test_cluster_is_asked_for_what_the_settings_use_alone() -> None:
    answers, settings = Answers({}), KubernetesSettings(context="test")
    assert observe(answers, settings, "gateway-test", exists=True) == ObservedAddons()
    assert answers.asked == []


def test_good_cluster_is_not_refused() -> None:
    known = {
        CLASSES: [NGINX],
        SECRET: {},
        GATEWAY_API: SERVED,
        GATEWAYS: [gateway(listener("https", "All"))],
        MONITORING_API: {"resources": [{"name": "prometheusrules"}, {"name": "servicemonitors"}]},
    }
    ingress = {**INGRESS, "tls_secret_name": "llm-tls", "class_name": "nginx"}
    assert refused(known, ingress=ingress, gateway_route=ROUTE, prometheus_operator={}) == []


@pytest.mark.parametrize(
    ("classes", "wanted", "sentence"),
    [
        ([NGINX, TRAEFIK], "haproxy", "the cluster has no IngressClass haproxy; it has nginx, traefik"),
        ([], "haproxy", "the cluster has no IngressClass haproxy; it has none"),
        ([TRAEFIK], None, "the cluster has no default IngressClass; set one of traefik"),
        ([NGINX], None, None),
        ([TRAEFIK], "traefik", None),
        (None, "haproxy", None),
    ],
    ids=["unknown", "no class", "no default", "default", "known", "may not be listed"],
)
def test_ingress_class_has_to_be_there(classes: list[Any] | None, wanted: str | None, sentence: str | None) -> None:
    found = refused({CLASSES: classes}, ingress={**INGRESS, "class_name": wanted})
    assert found == ([f"kubernetes.ingress.class_name: {sentence}"] if sentence else [])


@pytest.mark.parametrize(
    ("annotations", "exists", "missing"),
    [({}, True, True), ({}, False, False), ({"cert-manager.io/cluster-issuer": "letsencrypt"}, True, False)],
    ids=["missing", "no namespace yet", "made by cert-manager"],
)
def test_secret_of_the_certificate_has_to_be_there(annotations: dict[str, str], *, exists: bool, missing: bool) -> None:
    ingress = {**INGRESS, "tls_secret_name": "llm-tls", "annotations": annotations}
    found = refused({CLASSES: [NGINX]}, exists=exists, ingress=ingress)
    sentence = (
        "kubernetes.ingress.tls_secret_name: gateway-test has no Secret llm-tls;"
        " `kubectl -n gateway-test create secret tls llm-tls --cert FILE --key FILE`"
    )
    assert found == [sentence] * missing


def test_cluster_without_the_gateway_api_is_refused() -> None:
    (found,) = refused({}, gateway_route=ROUTE)
    missing = "the cluster does not serve httproutes of gateway.networking.k8s.io/v1"
    assert found == f"kubernetes.gateway_route: {missing}; install the Gateway API 1.2 or newer"


@pytest.mark.parametrize(
    ("gateways", "section", "sentence"),
    [
        ([], None, "gateway: gateways has no public; it has none"),
        (
            [gateway(listener("http", "All"))],
            "https",
            "section_name: public has no listener https; it has http",
        ),
        (
            [gateway(listener("http", "All"), listener("https"))],
            "https",
            f"gateway: public takes routes of gateways alone; {ALLOW}",
        ),
        ([gateway(listener("http", "Same"), listener("https", "Selector"))], None, None),
        (None, None, None),
    ],
    ids=["no Gateway", "no listener", "own routes alone", "by a selector", "may not be listed"],
)
def test_gateway_has_to_take_the_route(gateways: list[Any] | None, section: str | None, sentence: str | None) -> None:
    known = {GATEWAY_API: SERVED, GATEWAYS: gateways}
    found = refused(known, gateway_route={**ROUTE, "section_name": section})
    assert found == ([f"kubernetes.gateway_route.{sentence}"] if sentence else [])


def test_gateway_of_the_stack_s_own_namespace_takes_its_routes() -> None:
    known = {GATEWAY_API: SERVED, f"{GATEWAY_API}/namespaces/gateway-test/gateways": [gateway(listener("https"))]}
    assert refused(known, gateway_route={**ROUTE, "namespace": "gateway-test"}) == []


@pytest.mark.parametrize(
    ("served", "missing"),
    [(None, "prometheusrules and servicemonitors"), ({"resources": [{"name": "servicemonitors"}]}, "prometheusrules")],
)
def test_cluster_without_the_prometheus_operator_is_refused(served: dict[str, Any] | None, missing: str) -> None:
    (found,) = refused({MONITORING_API: served}, prometheus_operator={})
    sentence = f"the cluster does not serve {missing} of monitoring.coreos.com/v1"
    assert found == f"kubernetes.prometheus_operator: {sentence}; install the operator, or remove the group"


def test_missing_keda_is_refused_where_replicas_scale() -> None:
    scaling, served = {"max_replicas": 4}, {"resources": [{"name": "scaledobjects"}]}
    sentence = "kubernetes.autoscaling: the cluster does not serve scaledobjects of keda.sh/v1alpha1; install KEDA"
    assert refused({}, autoscaling=scaling) == [sentence]
    assert refused({"/apis/keda.sh/v1alpha1": served}, autoscaling=scaling) == []


def test_cluster_whose_controller_wants_no_class_is_taken() -> None:
    assert refused({CLASSES: []}, ingress=INGRESS) == []
    annotated = {**INGRESS, "annotations": {"kubernetes.io/ingress.class": "gce"}}
    assert refused({CLASSES: [TRAEFIK]}, ingress=annotated) == []
    assert refused({CLASSES: [TRAEFIK]}, ingress=INGRESS) != []
