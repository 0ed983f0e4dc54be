"""A model's own price is registered by the first request that has it, and again once it is another or is gone."""

import sys
from types import ModuleType
from typing import Any

import pytest

from components.litellm.worker.hooks.model_prices import start
from tests.unit.components.litellm.worker.hooks.releases import module, warnings_of

PRICE = {"input_cost_per_token": 0.001}
OTHER = {"input_cost_per_token": 0.002}
ID, SHARED, ENTRY = "7c4d", "openai/gpt-4.1", "gpt-4.1"
"""The deployment, the model that it shares with others, and the name of the entry that LiteLLM has of it."""


class LiteLLM(ModuleType):
    """A module in the place of LiteLLM's."""

    def __init__(self) -> None:
        super().__init__("litellm")
        self.model_cost: dict[str, dict[str, Any]] = {}
        self.registered: list[dict[str, Any]] = []

    def register_model(self, model_cost: Any, *, persist_across_reloads: bool = True, **_others: Any) -> Any:
        """Register as LiteLLM does: what is known of a model is merged with what is new, in a new entry."""
        self.registered.append(model_cost)
        if isinstance(model_cost, dict):
            known = self.model_cost
            new = {ENTRY if model == SHARED else model: price for model, price in model_cost.items()}
            self.model_cost |= {entry: {**known.get(entry, {}), **price} for entry, price in new.items()}
        return model_cost, persist_across_reloads


@pytest.fixture
def litellm(monkeypatch: pytest.MonkeyPatch) -> LiteLLM:
    """LiteLLM with the registration replaced."""
    module = LiteLLM()
    monkeypatch.setitem(sys.modules, "litellm", module)
    start()
    return module


def request(litellm: LiteLLM, price: dict[str, float], deployment: str = ID) -> None:
    litellm.register_model({deployment: dict(price), SHARED: {}}, persist_across_reloads=False)


def test_price_is_registered_once(litellm: LiteLLM) -> None:
    for _ in range(3):
        request(litellm, PRICE)
    assert litellm.registered == [{ID: PRICE, SHARED: {}}]
    assert litellm.model_cost == {ID: PRICE, ENTRY: {}}


def test_another_price_of_a_model_is_registered(litellm: LiteLLM) -> None:
    for price in (PRICE, OTHER, OTHER, PRICE):
        request(litellm, price)
    assert [prices[ID] for prices in litellm.registered] == [PRICE, OTHER, PRICE]


def test_deployments_that_share_a_model_are_each_registered_once(litellm: LiteLLM) -> None:
    for _ in range(3):
        request(litellm, PRICE)
        request(litellm, OTHER, "9e1f")
    assert len(litellm.registered) == 2


def test_price_is_registered_again_after_a_reload_of_all_prices(litellm: LiteLLM) -> None:
    request(litellm, PRICE)
    litellm.model_cost = {ENTRY: {"max_tokens": 8}}
    request(litellm, PRICE)
    assert litellm.model_cost == {ID: PRICE, ENTRY: {"max_tokens": 8}}


def test_price_is_registered_again_after_somebody_else_changed_it(litellm: LiteLLM) -> None:
    request(litellm, PRICE)
    litellm.register_model({ID: OTHER})
    request(litellm, PRICE)
    assert litellm.model_cost[ID] == PRICE
    litellm.register_model({SHARED: {"max_tokens": 8}})
    request(litellm, PRICE)
    assert len(litellm.registered) == 5


def test_lasting_registrations_and_those_of_a_file_are_litellm_s_own(litellm: LiteLLM) -> None:
    assert [litellm.register_model({ID: PRICE}) for _ in range(2)] == [({ID: PRICE}, True)] * 2
    assert litellm.register_model(model_cost={ID: PRICE}) == ({ID: PRICE}, True)
    assert litellm.register_model("https://prices", persist_across_reloads=False) == ("https://prices", False)
    assert len(litellm.registered) == 4


def test_release_without_the_registration_starts_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "litellm", module("litellm"))
    assert warnings_of(start, caplog) == ["LiteLLM has no register_model: it is not replaced"]
