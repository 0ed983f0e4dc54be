"""The checks that no part can make alone: images against the stack's policy, and sizes against each other."""

from ipaddress import ip_address
from typing import Any

from components.edge import certificate
from components.edge.acme.reach import warnings as acme_warnings
from components.edge.settings import EdgeSettings
from components.images.advisories import unsafe
from components.images.policy import POSTGRES_NUMBERS, unpinned
from components.images.source import ImageSource
from components.litellm import own_config
from components.litellm.own_files import own_files
from components.releases.secret_values import literal_secrets, references
from components.stack import sizing
from components.stack.parts import image_names
from components.stack.settings import SECRET_SETTINGS, Settings

NOT_PLAIN: Any = {**dict.fromkeys(SECRET_SETTINGS, True), "litellm": {"config_yaml", "environment"}}
"""Settings that may hold secrets, or whose secrets have a sentence of their own."""


def refusals(stack: Settings) -> list[str]:
    """Return a sentence for each reason that a stack must not run.

    Raises:
        ValueError: when the source of its images is not decided.
    """
    return [*_images(stack), *sizing.check(stack).refusals, *_configuration(stack)]


def warnings(stack: Settings) -> list[str]:
    """Return a sentence for each risk of a stack that may run."""
    keys = [
        f"model {model} has no key: `pulumi config set --secret --path 'gateway:provider_keys.{key}'`"
        for model, key in stack.missing_keys.items()
    ]
    pem = stack.edge_certificate
    expiry = certificate.warning(pem.get_secret_value()) if pem else None
    return [
        *keys,
        *_unused_keys(stack),
        *_unchecked(stack),
        *sizing.check(stack).warnings,
        *_plain(stack.edge),
        *([expiry] if expiry else []),
        *acme_warnings(stack.edge),
    ]


def _configuration(stack: Settings) -> list[str]:
    """Return what is wrong with the parts of config.yaml and of the environment under LiteLLM's own names."""
    config, environment = stack.litellm.config_yaml, stack.litellm.environment
    found = [*own_config.refusals(config, stack.release), *own_config.unset_references(config, stack.variables)]
    found += [
        f"{path}: {reason}; put it into secret_environment"
        for path, reason in literal_secrets(dict(environment), "litellm.environment")
    ]
    plain = stack.model_dump(mode="json", exclude=NOT_PLAIN)
    found += [f"{path}: {reason}; remove it" for name in plain for path, reason in literal_secrets(plain[name], name)]
    for read in (lambda: own_files(stack.litellm), lambda: stack.acme_authorities):
        try:
            read()
        except ValueError as error:
            found.append(str(error))
    return found


def _plain(edge: EdgeSettings) -> list[str]:
    """Return a warning for keys and passwords that other machines send in clear."""
    reached = [address for address in edge.plain_addresses if not ip_address(address).is_loopback]
    if not reached:
        return []
    cure = "set edge.plain_address to 127.0.0.1" if edge.https_port else "set edge.https_port and edge_certificate"
    place = f"{edge.proxy_port} on {', '.join(reached)}"
    return [f"edge.proxy_port: other machines reach {place} without TLS, whatever ufw says; {cure}"]


def _unused_keys(stack: Settings) -> list[str]:
    models = stack.catalogue.values()
    used = {key for model in models for key in model.keys}
    used |= {key for model in models for deployment in model.deployments for key in deployment.default_keys}
    used |= {name for _, name in references(stack.litellm.config_yaml.sections, "")}
    return [f"provider_keys.{name}: no model refers to it" for name in stack.provider_keys if name not in used]


def _unchecked(stack: Settings) -> list[str]:
    parts = [f"model {name}" for name, model in stack.catalogue.items() if model.unchecked]
    parts += ["litellm.config_yaml"] if stack.litellm.config_yaml.unchecked else []
    return [f"{part}: its names are not checked (unchecked: true)" for part in parts]


def _images(stack: Settings) -> list[str]:
    if stack.has_grafana and not stack.images.grafana and stack.images.effective_source is ImageSource.BUILT:
        return ["monitoring.grafana.enabled: no image of Grafana is built here; set images.grafana, or null"]
    found = []
    for name in image_names(stack):
        numbers = POSTGRES_NUMBERS if name == "postgres" else 3
        if fault := unpinned(stack.images.reference(name), stack.images.pinning, numbers):
            found.append(f"images.{name}: {fault}")
    if fault := unsafe(stack.images.reference("litellm")):
        found.append(f"images.litellm: {fault}")
    return found
