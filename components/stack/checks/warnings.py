"""What is a risk of a stack that may run."""

from ipaddress import ip_address

from components.data.tls import TlsMode, TlsSettings
from components.edge import certificate
from components.edge.acme.reach import warnings as acme_warnings
from components.engine.kubernetes.settings import ServiceType
from components.images.source import ImageSource
from components.litellm.config_yaml import CHOICE_OF_METRICS
from components.monitoring.litellm_metrics import LiteLLMMetrics
from components.releases.secret_values import references
from components.stack import sizing
from components.stack.settings import Settings


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
        *_uncounted(stack),
        *_partly_weighed(stack),
        *_unverified(stack),
        *sizing.check(stack).warnings,
        *_plain(stack),
        *_hidden_clients(stack),
        *_built_images(stack),
        *([expiry] if expiry else []),
        *acme_warnings(stack.edge),
    ]


def _built_images(stack: Settings) -> list[str]:
    """Return a warning for images that no registry has."""
    if stack.kubernetes is None or stack.images.effective_source is not ImageSource.BUILT:
        return []
    return ["images.source: built images are in no registry; every node has to have them, or set source to official"]


def _plain(stack: Settings) -> list[str]:
    """Return a warning for keys and passwords that other machines send in clear."""
    edge = stack.edge
    if stack.kubernetes:
        outside = stack.kubernetes.service.type is not ServiceType.CLUSTER_IP
        cure = "edge.proxy_port: clients reach it without TLS; set edge.https_port and edge_certificate"
        groups = {"ingress": stack.kubernetes.ingress, "gateway_route": stack.kubernetes.gateway_route}
        plain = [name for name, group in groups.items() if group and not group.tls]
        return [
            *([cure] if outside and not edge.https_port else []),
            *(f"kubernetes.{name}.tls: clients send keys in clear; set it to true" for name in plain),
        ]
    reached = [address for address in edge.plain_addresses if not ip_address(address).is_loopback]
    if not reached:
        return []
    cure = "set edge.plain_address to 127.0.0.1" if edge.https_port else "set edge.https_port and edge_certificate"
    place = f"{edge.proxy_port} on {', '.join(reached)}"
    return [f"edge.proxy_port: other machines reach {place} without TLS, whatever ufw says; {cure}"]


def _hidden_clients(stack: Settings) -> list[str]:
    """Return a warning where all clients have the address of what leads them to the Service."""
    cluster = stack.kubernetes
    if cluster is None or stack.edge.trusted_proxies or not (cluster.ingress or cluster.gateway_route):
        return []
    name = "ingress" if cluster.ingress else "gateway_route"
    sentence = f"all clients of kubernetes.{name} have the address of its controller; name the network of its pods"
    return [f"edge.trusted_proxies: is empty, so {sentence}"]


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


def _uncounted(stack: Settings) -> list[str]:
    """Return a warning where the stack's own choice of metrics leaves out the dashboard's."""
    own = stack.litellm.config_yaml.sections.get("litellm_settings")
    chosen = isinstance(own, dict) and CHOICE_OF_METRICS in own
    if not (stack.monitoring.enabled and chosen and stack.monitoring.litellm_metrics is LiteLLMMetrics.ALL):
        return []
    path = f"litellm.config_yaml.litellm_settings.{CHOICE_OF_METRICS}"
    return [f"{path}: leaves out what dashboard and alerts read; set monitoring.litellm_metrics: dashboard"]


def _partly_weighed(stack: Settings) -> list[str]:
    """Return a sentence for each model with a deployment that its weights leave out."""
    weights = {
        name: [deployment.params.get("weight") for deployment in model.deployments]
        for name, model in stack.catalogue.items()
    }
    return [
        f"model {name}: weight is on some deployments only; put it on all, or on none"
        for name, given in weights.items()
        if None in given and any(weight is not None for weight in given)
    ]


def _unverified(stack: Settings) -> list[str]:
    """Return a sentence for each external server that somebody else could pretend to be."""
    postgres, redis = stack.postgres.external, stack.redis.external
    groups: dict[str, TlsSettings | None] = {"redis.external.tls": redis.tls if redis else None}
    if postgres:
        groups["postgres.external.tls"] = postgres.tls
        groups["postgres.external.pgbouncer.tls"] = postgres.pgbouncer.tls if postgres.pgbouncer else None
        groups["postgres.external.read_replica.tls"] = postgres.read_replica.tls if postgres.read_replica else None
    found = [
        f"{path}.mode: {tls.mode} trusts whoever answers with passwords and data; set verify-full"
        for path, tls in groups.items()
        if tls and tls.mode is not TlsMode.VERIFY_FULL
    ]
    if redis and stack.redis_password is None:
        found.append("redis_password: is not set; whoever reaches the Redis can read and change limits and spend")
    return found
