"""The checks that no part can make alone: images against the stack's policy, and sizes against each other."""

from collections.abc import Callable
from ipaddress import ip_address
from itertools import combinations
from typing import Any

from components.data.tls import TlsMode, TlsSettings
from components.edge import certificate
from components.edge.acme.reach import warnings as acme_warnings
from components.edge.client_ca import client_ca
from components.engine.host.ports import collide
from components.engine.kubernetes.settings import ServiceType
from components.images.advisories import unsafe
from components.images.policy import POSTGRES_NUMBERS, unpinned
from components.images.source import ImageSource
from components.litellm import own_config
from components.litellm.own_files import own_files
from components.monitoring import autoscaling
from components.releases.secret_values import literal_secrets, references
from components.stack import sizing
from components.stack.parts import host_ports, image_names, volume_names
from components.stack.settings import SECRET_SETTINGS, Settings

NOT_PLAIN: Any = {**dict.fromkeys(SECRET_SETTINGS, True), "litellm": {"config_yaml", "environment"}}
"""Settings that may hold secrets, or whose secrets have a sentence of their own."""


def refusals(stack: Settings) -> list[str]:
    """Return a sentence for each reason that a stack must not run.

    Raises:
        ValueError: when the source of its images is not decided.
    """
    return [*_images(stack), *_cluster(stack), *_ports(stack), *sizing.check(stack).refusals, *_configuration(stack)]


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
        *_partly_weighed(stack),
        *_unverified(stack),
        *sizing.check(stack).warnings,
        *_plain(stack),
        *_hidden_clients(stack),
        *_built_images(stack),
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
    readers: tuple[Callable[[], object], ...] = (
        lambda: own_files(stack.litellm),
        lambda: stack.acme_authorities,
        lambda: client_ca(stack.edge),
        stack.database_connection,
        stack.redis_connection,
    )
    for read in readers:
        try:
            read()
        except ValueError as error:
            found.append(str(error))
    return found


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


def _cluster(stack: Settings) -> list[str]:
    """Return what a cluster cannot do that the stack asks for."""
    if stack.kubernetes is None:
        return []
    host_s_own = ("address", "more_addresses", "plain_address", "cgroup_parent")
    found = [
        f"edge.{name}: belongs to a host that runs Docker; remove it"
        for name in host_s_own
        if name in stack.edge.model_fields_set
    ]
    if stack.litellm.cpuset:
        found.append("litellm.cpuset: belongs to a host that runs Docker; remove it")
    if stack.edge.acme.enabled:
        found.append(
            "edge.acme.domains: edges of a cluster share no volume; set edge_certificate, such as cert-manager's"
        )
    names = volume_names()
    if unknown := sorted(stack.kubernetes.volumes_gib.keys() - names):
        found.append(f"kubernetes.volumes_gib: has no volume {unknown[0]}; known are {', '.join(sorted(names))}")
    if scaling := stack.kubernetes.autoscaling:
        replicas, concurrency = stack.litellm.replicas, stack.replica_concurrency
        found += autoscaling.refusals(scaling, replicas, concurrency, own_prometheus=stack.has_prometheus)
    if stack.production and stack.kubernetes.kubeconfig is None:
        found.append("kubernetes.kubeconfig: is missing; in production it names the file")
    return [*found, *_routes(stack), *_prometheus_operator(stack)]


def _routes(stack: Settings) -> list[str]:
    """Return the host names of an Ingress or a Gateway that the edge would refuse."""
    hosts, cluster = stack.edge.allowed_hosts, stack.kubernetes
    if not hosts or cluster is None:
        return []
    named = [("kubernetes.ingress.host", cluster.ingress.host)] if cluster.ingress else []
    if cluster.gateway_route:
        named += [("kubernetes.gateway_route.hostnames", name) for name in cluster.gateway_route.hostnames]
    return [
        f"edge.allowed_hosts: lacks {name} of {setting}, whose requests would get 421; add it"
        for setting, name in named
        if not name.startswith("*.") and name not in hosts
    ]


def _prometheus_operator(stack: Settings) -> list[str]:
    """Return the settings of an own Prometheus that a stack without one has."""
    if stack.kubernetes is None or stack.kubernetes.prometheus_operator is None:
        return []
    if not stack.monitoring.enabled:
        return ["kubernetes.prometheus_operator: has nothing to read; set monitoring.enabled to true"]
    own = ("memory_mib", "port", "retention_days", "retention_gib")
    found = [
        f"monitoring.{name}: belongs to the stack's own Prometheus, which kubernetes.prometheus_operator replaces;"
        " remove it"
        for name in own
        if name in stack.monitoring.model_fields_set
    ]
    if stack.monitoring.grafana.enabled:
        found.append(
            "monitoring.grafana.enabled: shows what the stack's own Prometheus read, which"
            " kubernetes.prometheus_operator replaces; remove it"
        )
    return found


def _ports(stack: Settings) -> list[str]:
    """Return the settings that take the port of another one."""
    found = []
    for one, other in combinations(host_ports(stack), 2):
        if one.setting != other.setting and collide(one, other.address, other.external):
            found.append(f"{other.setting}: port {other.external} is {one.setting}'s already; set another")
    return list(dict.fromkeys(found))


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
