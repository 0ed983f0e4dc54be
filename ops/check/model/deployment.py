"""The model deployments that a gateway should serve: the catalogue's, and those in the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from components.models.model import CHAT, Deployment, Model


@dataclass(frozen=True)
class ModelDeployment:
    """One deployment of a model; several may share a name, and each is checked."""

    name: str
    """The name that clients use."""
    mode: str
    """What the model is for; LiteLLM knows more modes than the catalogue."""
    asked_as: str
    """The name to ask for; the deployment's id if another deployment has the same name."""
    ids: frozenset[str] = frozenset()
    """Ids of the deployments that may answer for it; empty if the gateway lists none."""
    key: str | None = None
    """Name of the secret with the provider's key."""
    key_missing: bool = False
    stored: bool = False
    """Whether it is in the database, not in the catalogue."""
    served_at: str | None = None
    """Base URL; None for the provider's own."""


def model_deployments(
    catalogue: Mapping[str, Model], missing_keys: Iterable[str], listed: Iterable[Mapping[str, Any]]
) -> list[ModelDeployment]:
    """Return the catalogue's models in their order, then the stored ones by name.

    Args:
        catalogue: the stack's.
        missing_keys: names of the models whose key is not set.
        listed: what LiteLLM's /model/info lists.
    """
    deployments = list(listed)
    missing = set(missing_keys)
    names = [str(deployment["model_name"]) for deployment in deployments]
    found = []
    for name, model in catalogue.items():
        ids = [_id(each) for each in deployments if each["model_name"] == name and not _is_stored(each)]
        # LiteLLM lists a model's deployments in the order of config.yaml.
        pairs = zip(model.deployments, ids, strict=True) if len(ids) == len(model.deployments) else None
        found += (
            [_catalogue_deployment(model, each, [id_], names, missing) for each, id_ in pairs]
            if pairs and len(ids) > 1
            else [_catalogue_deployment(model, model.deployments[0], ids, names, missing)]
        )
    stored = [_stored_deployment(each, names) for each in deployments if _is_stored(each)]
    return [*found, *sorted(stored, key=lambda model: (model.name, model.asked_as))]


def _catalogue_deployment(
    model: Model, deployment: Deployment, ids: list[str], names: list[str], missing: set[str]
) -> ModelDeployment:
    keys = deployment.keys
    return ModelDeployment(
        model.name,
        model.mode,
        asked_as=ids[0] if ids and names.count(model.name) > 1 else model.name,
        ids=frozenset(ids),
        key=keys[0] if keys else None,
        key_missing=model.name in missing,
        served_at=deployment.params.get("api_base"),
    )


def _stored_deployment(deployment: Mapping[str, Any], names: list[str]) -> ModelDeployment:
    name, id_ = str(deployment["model_name"]), _id(deployment)
    return ModelDeployment(
        name,
        # LiteLLM uses a model without a mode for chat.
        str(deployment["model_info"].get("mode") or CHAT),
        asked_as=id_ if names.count(name) > 1 else name,
        ids=frozenset([id_]),
        stored=True,
        served_at=(deployment.get("litellm_params") or {}).get("api_base"),
    )


def _id(deployment: Mapping[str, Any]) -> str:
    return str(deployment["model_info"]["id"])


def _is_stored(deployment: Mapping[str, Any]) -> bool:
    return bool(deployment["model_info"].get("db_model"))
