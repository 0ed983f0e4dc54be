"""Every deployment is asked once: the catalogue's by name, stored ones too, those that share a name by their ids."""

from typing import Any

from components.models.model import ModelFile, model_of
from components.releases.release import release_for
from ops.check.model.deployment import ModelDeployment, model_deployments

ONE = {
    "provider": "ollama_chat",
    "model": "small:1b",
    "api_key": "os.environ/OLLAMA_API_KEY",
    "api_base": "http://host:1",
}
OTHER = {"api_base": "http://host:2", "api_key": "os.environ/OTHER_API_KEY"}
SMALL = model_of("small", ModelFile(**ONE), release_for(None))
SHARED = model_of("small", ModelFile(**ONE, deployments=[{}, OTHER]), release_for(None))


def deployment(name: str, id_: str, *, stored: bool, mode: str | None = "chat") -> dict[str, Any]:
    info = {"id": id_, "db_model": stored, "mode": mode}
    return {"model_name": name, "model_info": info, "litellm_params": {"api_base": "http://there:2"}}


def test_a_model_of_the_catalogue_is_asked_by_its_name() -> None:
    (model,) = model_deployments({"small": SMALL}, [], [deployment("small", "one", stored=False)])
    assert model == ModelDeployment(
        "small",
        "chat",
        "small",
        ids=frozenset({"one"}),
        key="OLLAMA_API_KEY",
        served_at="http://host:1",
    )


def test_a_model_without_its_key_says_so() -> None:
    (model,) = model_deployments({"small": SMALL}, ["small"], [])
    assert model.key_missing


def test_a_model_that_the_gateway_does_not_list_is_asked_all_the_same() -> None:
    (model,) = model_deployments({"small": SMALL}, [], [])
    assert (model.asked_as, model.ids) == ("small", frozenset())


def test_stored_models_come_last_and_are_for_chat_by_default() -> None:
    listed = [deployment("another", "two", stored=True, mode=None), deployment("small", "one", stored=False)]
    assert model_deployments({"small": SMALL}, [], listed)[1:] == [
        ModelDeployment("another", "chat", "another", ids=frozenset({"two"}), stored=True, served_at="http://there:2")
    ]


def test_deployments_of_one_name_are_each_asked_by_its_id() -> None:
    listed = [deployment("small", id_, stored=id_ != "one") for id_ in ("one", "two", "three")]
    models = model_deployments({"small": SMALL}, [], listed)
    assert [(model.name, model.asked_as, model.stored) for model in models] == [
        ("small", "one", False),
        ("small", "three", True),
        ("small", "two", True),
    ]


def test_deployments_of_a_model_are_asked_by_their_ids_in_the_order_of_its_file() -> None:
    listed = [deployment("small", id_, stored=False) for id_ in ("one", "two")]
    models = model_deployments({"small": SHARED}, [], listed)
    assert [(model.asked_as, model.ids, model.key, model.served_at) for model in models] == [
        ("one", frozenset({"one"}), "OLLAMA_API_KEY", "http://host:1"),
        ("two", frozenset({"two"}), "OTHER_API_KEY", "http://host:2"),
    ]


def test_a_model_whose_deployments_are_not_all_listed_is_asked_once() -> None:
    (model,) = model_deployments({"small": SHARED}, [], [deployment("small", "one", stored=False)])
    assert (model.asked_as, model.ids, model.key) == ("small", frozenset({"one"}), "OLLAMA_API_KEY")
