"""The models that a gateway is to serve: the catalogue's, and those stored in the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from components.models.catalog import CatalogueEntry, Mode


@dataclass(frozen=True)
class ServedModel:
    """One deployment of a model: names may be shared, and then each one is asked on its own."""

    name: str
    """As clients ask for it."""
    mode: str
    """What it is asked for; LiteLLM knows more modes than the catalogue."""
    asked_as: str
    """Its name, or its deployment's id where another has the same name."""
    ids: frozenset[str] = frozenset()
    """Deployments whose answer is its own; empty: the gateway lists none."""
    key: str | None = None
    """Name of the secret that holds the provider's key."""
    key_missing: bool = False
    stored: bool = False
    """In the database, not in the catalogue."""
    served_at: str | None = None
    """Base URL; None: the provider's own."""


def served_models(
    catalogue: Mapping[str, CatalogueEntry], missing_keys: Iterable[str], listed: Iterable[Mapping[str, Any]]
) -> list[ServedModel]:
    """Give the catalogue's models by name, then the stored ones; `listed` is what LiteLLM's /model/info lists."""
    deployments = list(listed)
    missing = set(missing_keys)
    names = [str(deployment["model_name"]) for deployment in deployments]
    found = []
    for name, entry in catalogue.items():
        ids = [_id(each) for each in deployments if each["model_name"] == name and not _stored(each)]
        found.append(
            ServedModel(
                name,
                entry.mode.value,
                asked_as=ids[0] if ids and names.count(name) > 1 else name,
                ids=frozenset(ids),
                key=entry.key,
                key_missing=name in missing,
                served_at=entry.served_at,
            )
        )
    stored = [_stored_model(each, names) for each in deployments if _stored(each)]
    return [*found, *sorted(stored, key=lambda model: (model.name, model.asked_as))]


def _stored_model(deployment: Mapping[str, Any], names: list[str]) -> ServedModel:
    name, id_ = str(deployment["model_name"]), _id(deployment)
    return ServedModel(
        name,
        # LiteLLM takes a model of no mode for chat.
        str(deployment["model_info"].get("mode") or Mode.CHAT.value),
        asked_as=id_ if names.count(name) > 1 else name,
        ids=frozenset([id_]),
        stored=True,
        served_at=(deployment.get("litellm_params") or {}).get("api_base"),
    )


def _id(deployment: Mapping[str, Any]) -> str:
    return str(deployment["model_info"]["id"])


def _stored(deployment: Mapping[str, Any]) -> bool:
    return bool(deployment["model_info"].get("db_model"))
