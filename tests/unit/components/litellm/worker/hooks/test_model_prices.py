"""A model's own price is registered by the first request that has it, and again once it is another or is gone."""

import sys
from types import ModuleType
from typing import Any

import pytest

from components.litellm.worker.hooks.model_prices import start
from tests.unit.components.litellm.worker.hooks.releases import module, warnings_of

PRICE = {"input_cost_per_token": 0.001}
OTHER = {"input_cost_per_token": 0.002}
CHAT, RESPONSES = {"mode": "chat"}, {"mode": "responses"}
ID, OTHER_ID = "7c4d", "9e1f"
"""Deployments: LiteLLM has an entry of each."""
SHARED, ALIAS, ENTRY = "openai/gpt-4.1", "openai/GPT-4.1", "gpt-4.1"
"""The model that deployments share, another name of it, and that of the entry that LiteLLM has for both."""


class LiteLLM(ModuleType):
    """A module in the place of LiteLLM's."""

    def __init__(self) -> None:
        super().__init__("litellm")
        self.model_cost: dict[str, dict[str, Any]] = {}
        self.registered: list[str] = []
        self.meanwhile: dict[str, dict[str, Any]] = {}
        """Entries that another thread makes during each registration."""

    def register_model(self, model_cost: Any, *, persist_across_reloads: bool = True, **_others: Any) -> Any:
        """Register as LiteLLM does: what is known of a model is merged with what is new, in a new entry."""
        if not isinstance(model_cost, dict):
            self.registered.append(model_cost)
            return model_cost, persist_across_reloads
        for model, price in model_cost.items():
            self.registered.append(model)
            name = ENTRY if model in (SHARED, ALIAS) else model
            self.model_cost[name] = {**self.model_cost.get(name, {}), **price}
            self.model_cost.update(self.meanwhile)
        return model_cost, persist_across_reloads


@pytest.fixture
def litellm(monkeypatch: pytest.MonkeyPatch) -> LiteLLM:
    """LiteLLM with the registration replaced."""
    module = LiteLLM()
    monkeypatch.setitem(sys.modules, "litellm", module)
    start()
    return module


def request(litellm: LiteLLM, price: dict[str, float], deployment: str = ID) -> None:
    litellm.register_model({deployment: dict(price), SHARED: dict(CHAT)}, persist_across_reloads=False)


def test_price_is_registered_once_whatever_name_litellm_has_for_its_model(litellm: LiteLLM) -> None:
    for _ in range(3):
        request(litellm, PRICE)
    assert litellm.registered == [ID, SHARED]
    assert litellm.model_cost == {ID: PRICE, ENTRY: CHAT}


def test_another_price_of_a_model_is_registered(litellm: LiteLLM) -> None:
    for price in (PRICE, OTHER, OTHER, PRICE):
        request(litellm, price)
        assert litellm.model_cost[ID] == price
    assert litellm.registered == [ID, SHARED, ID, ID]


def test_deployments_that_share_a_model_are_each_registered_once(litellm: LiteLLM) -> None:
    for _ in range(3):
        request(litellm, PRICE)
        request(litellm, OTHER, OTHER_ID)
    assert litellm.registered == [ID, SHARED, OTHER_ID]


def test_names_of_one_entry_that_differ_are_registered_in_turn(litellm: LiteLLM) -> None:
    for model, price in ((SHARED, CHAT), (ALIAS, RESPONSES), (SHARED, CHAT)):
        litellm.register_model({model: price}, persist_across_reloads=False)
        assert litellm.model_cost[ENTRY] == price


def test_price_is_registered_again_after_a_reload_of_all_prices(litellm: LiteLLM) -> None:
    request(litellm, PRICE)
    litellm.model_cost = {ENTRY: {"max_tokens": 8}}
    request(litellm, PRICE)
    assert litellm.model_cost == {ID: PRICE, ENTRY: {"max_tokens": 8, **CHAT}}


def test_price_is_registered_again_after_somebody_else_changed_it(litellm: LiteLLM) -> None:
    request(litellm, PRICE)
    litellm.register_model({ID: OTHER})
    request(litellm, PRICE)
    assert litellm.model_cost[ID] == PRICE


def test_price_is_registered_under_its_own_name_once_litellm_has_that(litellm: LiteLLM) -> None:
    request(litellm, PRICE)
    litellm.model_cost[SHARED] = {}
    request(litellm, PRICE)
    assert litellm.registered == [ID, SHARED, SHARED]


def test_price_that_another_thread_changes_meanwhile_is_registered_by_the_next_request(litellm: LiteLLM) -> None:
    litellm.meanwhile = {ID: OTHER}
    request(litellm, PRICE)
    litellm.meanwhile = {}
    request(litellm, PRICE)
    assert litellm.model_cost[ID] == PRICE


def test_lasting_registrations_and_those_of_a_file_are_litellm_s_own(litellm: LiteLLM) -> None:
    assert [litellm.register_model({ID: PRICE}) for _ in range(2)] == [({ID: PRICE}, True)] * 2
    assert litellm.register_model(model_cost={ID: PRICE}) == ({ID: PRICE}, True)
    assert litellm.register_model("https://prices", persist_across_reloads=False) == ("https://prices", False)
    assert litellm.registered == [ID, ID, ID, "https://prices"]


def test_release_without_the_registration_starts_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "litellm", module("litellm"))
    assert warnings_of(start, caplog) == ["LiteLLM has no register_model: it is not replaced"]
