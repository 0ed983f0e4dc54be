"""Every kind of haproxy.cfg that the program writes: each setting of the edge at its bounds, and some of LiteLLM's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from components.edge.settings import EdgeSettings
from testbed.certificates import valid_now
from testbed.configuration import read
from tests.unit.program import Program, run

CERTIFICATE = "gateway:edge_certificate"
CONFIGURATION = "/etc/gateway/haproxy.cfg"
VALUES: dict[str, list[Any]] = {"address": ["192.0.2.1"], "allowed_hosts": [["llm.example.com", "b.example.com"]]}
"""Values of the settings whose type does not tell any, such as text, by name."""
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
            yield name, {name: value}


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
    config = read("dev") | {"gateway:edge": edge} | ({CERTIFICATE: valid_now()} if "https_port" in edge else {})
    config["gateway:litellm"] |= litellm
    return run(monkeypatch, "dev", config, secret_keys=(CERTIFICATE,))


@dataclass(frozen=True)
class Configurations:
    """All configurations of edge and ingress."""

    texts: dict[str, str]
    """Part and settings → haproxy.cfg."""
    named: dict[str, str]
    """The files that they name, by path."""


def collect(monkeypatch: pytest.MonkeyPatch) -> Configurations:
    """Run the program for each kind of settings.

    Raises:
        AssertionError: when a setting has no value that the program accepts.
    """
    schema = EdgeSettings.model_json_schema()
    each = list(variations(schema, schema.get("$defs", {})))
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
        if "https_port" in edge:
            named |= program.files("edge-secrets")
    accepted = {name for name, settings in each if f"{name}={settings[name]}" not in refused}
    assert accepted == set(schema["properties"]), f"give VALUES a value that is accepted: {refused}"
    return Configurations(found, named)
