"""Why a stack must not run, where no part can tell alone."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

from components.edge.client_ca import client_ca
from components.engine.host.ports import collide
from components.images.advisories import unsafe
from components.images.policy import POSTGRES_NUMBERS, unpinned
from components.images.source import ImageSource
from components.litellm import own_config
from components.litellm.own_files import own_files
from components.releases.secret_values import literal_secrets
from components.stack import sizing
from components.stack.checks import cluster
from components.stack.parts import host_ports, image_names
from components.stack.settings import SECRET_SETTINGS, Settings

NOT_PLAIN: Any = {**dict.fromkeys(SECRET_SETTINGS, True), "litellm": {"config_yaml", "environment"}}
"""Settings that may hold secrets, or whose secrets have a sentence of their own."""


def refusals(stack: Settings) -> list[str]:
    """Return a sentence for each reason that a stack must not run.

    Raises:
        ValueError: when the source of its images is not decided.
    """
    return [
        *_images(stack),
        *cluster.refusals(stack),
        *_ports(stack),
        *sizing.check(stack).refusals,
        *_configuration(stack),
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
