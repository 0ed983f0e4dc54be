"""Traefik's objects on the test cluster."""

from testbed.cluster.addons.traefik import CLASS, GATEWAY, GATEWAYS, LISTENER, PORT, controller, gateway, secret


def test_classes_of_both_kinds_choose_traefik() -> None:
    classes = {each["kind"]: each for each in controller() if each["kind"].endswith("Class")}
    assert {kind: each["metadata"]["name"] for kind, each in classes.items()} == {
        "IngressClass": CLASS,
        "GatewayClass": CLASS,
    }


def test_gateway_has_one_listener_at_the_port_of_traefik() -> None:
    (found,) = [each for each in gateway("certificate", "key") if each["kind"] == "Gateway"]
    assert found["metadata"] == {"name": GATEWAY, "namespace": GATEWAYS}
    assert [(each["name"], each["port"]) for each in found["spec"]["listeners"]] == [(LISTENER, PORT)]


def test_certificate_of_the_gateway_is_its_listener_s() -> None:
    found = {each["kind"]: each for each in gateway("certificate", "key")}
    (listener,) = found["Gateway"]["spec"]["listeners"]
    assert listener["tls"]["certificateRefs"] == [{"name": found["Secret"]["metadata"]["name"]}]
    assert found["Secret"] == secret(found["Secret"]["metadata"]["name"], GATEWAYS, "certificate", "key")
