"""Every deployment is asked once: the catalogue's by name, stored ones too, those that share a name by their ids."""

from typing import Any

from components.models.catalog import CatalogueEntry, Mode, Provider
from ops.check.model_deployment import ModelDeployment, model_deployments

ENTRY = CatalogueEntry(
    provider=Provider.OLLAMA_CHAT, model="small:1b", mode=Mode.CHAT, key="OLLAMA_API_KEY", served_at="http://host:1"
)


def deployment(name: str, id_: str, *, stored: bool, mode: str | None = "chat") -> dict[str, Any]:
    info = {"id": id_, "db_model": stored, "mode": mode}
    return {"model_name": name, "model_info": info, "litellm_params": {"api_base": "http://there:2"}}


def test_a_model_of_the_catalogue_is_asked_by_its_name() -> None:
    (model,) = model_deployments({"small": ENTRY}, [], [deployment("small", "one", stored=False)])
    assert model == ModelDeployment(
        "small",
        "chat",
        "small",
        ids=frozenset({"one"}),
        key="OLLAMA_API_KEY",
        served_at="http://host:1",
    )


def test_a_model_without_its_key_says_so() -> None:
    (model,) = model_deployments({"small": ENTRY}, ["small"], [])
    assert model.key_missing


def test_a_model_that_the_gateway_does_not_list_is_asked_all_the_same() -> None:
    (model,) = model_deployments({"small": ENTRY}, [], [])
    assert (model.asked_as, model.ids) == ("small", frozenset())


def test_stored_models_come_last_and_are_for_chat_by_default() -> None:
    listed = [deployment("another", "two", stored=True, mode=None), deployment("small", "one", stored=False)]
    assert model_deployments({"small": ENTRY}, [], listed)[1:] == [
        ModelDeployment("another", "chat", "another", ids=frozenset({"two"}), stored=True, served_at="http://there:2")
    ]


def test_deployments_of_one_name_are_each_asked_by_its_id() -> None:
    listed = [deployment("small", id_, stored=id_ != "one") for id_ in ("one", "two", "three")]
    models = model_deployments({"small": ENTRY}, [], listed)
    assert [(model.name, model.asked_as, model.stored) for model in models] == [
        ("small", "one", False),
        ("small", "three", True),
        ("small", "two", True),
    ]
