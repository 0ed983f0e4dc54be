"""Every kind of haproxy.cfg that the program writes: each setting of the edge at its bounds, and some of LiteLLM's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.edge.acme import haproxy as acme
from components.edge.settings import EdgeSettings
from testbed.certificates import Authority, valid_now
from testbed.configuration import read
from tests.unit.program import Program, run

CERTIFICATE = "gateway:edge_certificate"
CONFIGURATION = "/etc/gateway/haproxy.cfg"
AUTHORITIES = "authorities.pem"
VALUES: dict[str, list[Any]] = {
    "acme": [{"domains": ["llm.example.com"], "terms_of_service_agreed": True}],
    "address": ["192.0.2.1", "::"],
    "admin_addresses": [["192.0.2.0/24", "2001:db8::/32"]],
    "allowed_hosts": [["llm.example.com", "b.example.com"]],
    "client_ca": [AUTHORITIES],
    "more_addresses": [["192.0.2.1", "::1"]],
    "plain_address": ["127.0.0.1"],
    "proxy_protocol_from": [["192.0.2.0/24", "2001:db8::1"]],
    "replica_concurrency": ["auto", 1, 10000],
    "trusted_proxies": [["192.0.2.0/24", "2001:db8::1"]],
}
"""Values of the settings whose type does not tell any, such as text, by name."""
NEED_TLS = frozenset({"acme", "client_ca", "plain_address", "redirect_port"})
HTTPS_PORT = 8443
FROM_LITELLM: dict[str, dict[str, Any]] = {
    "root_path": {"root_path": "/llm"},
    "request_timeout": {"config": {"request_timeout": 1}},
}
"""Settings of LiteLLM that the edge's configuration depends on."""

Variation = dict[str, Any]


def variations(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[tuple[str, Variation]]:
    """Yield (name of a setting, settings in which it has one of its values), from a class's JSON schema."""
    for name, field in schema["properties"].items():
        for value in _values(name, field, definitions):
            yield name, {name: value} | ({"https_port": HTTPS_PORT} if name in NEED_TLS else {})


def _values(name: str, field: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Any]:
    if name in VALUES:
        return VALUES[name]
    if "$ref" in field:
        field = definitions[field["$ref"].rpartition("/")[2]]
    if "anyOf" in field or "allOf" in field:
        return [value for each in field.get("anyOf", field.get("allOf")) for value in _values(name, each, definitions)]
    if "enum" in field:
        return list(field["enum"])
    match field["type"]:
        case "null":
            return []
        case "boolean":
            return [False, True]
        case "integer" | "number":
            return [field[bound] for bound in ("minimum", "maximum") if bound in field]
        case "object" if "properties" in field:
            return [settings for _, settings in variations(field, definitions)]
    raise AssertionError(f"edge.{name}: give edge_configurations.VALUES a value of it")


def _program(monkeypatch: pytest.MonkeyPatch, edge: Variation, litellm: Variation) -> Program:
    by_hand = "https_port" in edge and "acme" not in edge
    config = read("dev") | {"gateway:edge": edge} | ({CERTIFICATE: valid_now()} if by_hand else {})
    config["gateway:litellm"] |= litellm
    return run(monkeypatch, "dev", config, secret_keys=(CERTIFICATE,))


@dataclass(frozen=True)
class Configurations:
    """All configurations of edge and ingress."""

    texts: dict[str, str]
    """Part and settings → haproxy.cfg."""
    named: dict[str, str]
    """The files that they name, by path."""


def edge_variations() -> list[tuple[str, Variation]]:
    """Return (name of a setting, settings in which it has one of its values) for each setting of the edge.

    Raises:
        AssertionError: when VALUES lacks one.
    """
    schema = EdgeSettings.model_json_schema()
    return list(variations(schema, schema.get("$defs", {})))


def collect(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Configurations:
    """Run the program for each kind of settings; the folder gets the files that settings name.

    Raises:
        AssertionError: when a setting has no value that the program accepts.
    """
    authorities = folder / AUTHORITIES
    authorities.write_text(Authority().certificate)
    monkeypatch.setitem(VALUES, "client_ca", [str(authorities)])
    each = edge_variations()
    cases: dict[str, tuple[Variation, Variation]] = {"default": ({}, {})}
    cases |= {f"{name}={settings[name]}": (settings, {}) for name, settings in each}
    cases |= {name: ({}, litellm) for name, litellm in FROM_LITELLM.items()}
    cases["tls and hosts"] = ({"https_port": 8443, "allowed_hosts": ["llm.example.com"]}, {"root_path": "/llm"})
    found, named, refused = dict[str, str](), dict[str, str](), list[str]()
    for case, (edge, litellm) in cases.items():
        try:
            program = _program(monkeypatch, edge, litellm)
        except pulumi.RunError:
            # A setting that needs another one.
            refused.append(case)
            continue
        found |= {f"{part}, {case}": program.files(f"{part}-config")[CONFIGURATION] for part in ("edge", "ingress")}
        if "client_ca" in edge:
            named |= {path: text for path, text in program.files("edge-config").items() if path != CONFIGURATION}
        if "acme" in edge:
            named[f"{acme.FOLDER}/llm.example.com.pem"] = valid_now()
        elif "https_port" in edge:
            named |= program.files("edge-secrets")
    accepted = {name for name, settings in each if f"{name}={settings[name]}" not in refused}
    assert accepted == {name for name, _ in each}, f"give VALUES a value that is accepted: {refused}"
    return Configurations(found, named)
