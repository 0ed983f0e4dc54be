"""The proofs after an import."""

from dataclasses import dataclass, field
from typing import Any, cast
from unittest.mock import Mock

import pytest

from ops.adopt.database import prove
from ops.adopt.database.prove import Proof, answering_model, readable_models
from ops.errors import OperationError
from ops.stack.litellm_admin import LiteLLMAdmin

NAMES = ["first", "second", "third", "fourth"]


@dataclass
class Models:
    """Stored models that answer, refuse or time out, one result an attempt."""

    results: list[bool | OperationError]
    asked: list[str] = field(default_factory=list)

    def answers(self, model: str, key: str) -> bool:
        self.asked.append(model)
        result = self.results.pop(0) if self.results else False
        if isinstance(result, OperationError):
            raise result
        return result


def test_the_first_stored_model_that_answers_is_named() -> None:
    models = Models([OperationError("timed out"), False, True])
    assert answering_model(cast("LiteLLMAdmin", models), NAMES, "key") == "third"
    assert models.asked == ["first", "second", "third"]


def test_a_stored_model_that_answers_late_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.check.wait.time.sleep", lambda _: None)
    assert answering_model(cast("LiteLLMAdmin", Models([False, False, False, True])), NAMES, "key") == "first"


def test_stored_models_that_never_answer_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove, "ANSWER_TIMEOUT_SECONDS", 0.0)
    monkeypatch.setattr("ops.check.wait.time.sleep", lambda _: None)
    assert answering_model(cast("LiteLLMAdmin", Models([])), NAMES, "key") is None


def test_no_model_is_asked_where_there_is_none() -> None:
    models = Models([True])
    assert answering_model(cast("LiteLLMAdmin", models), [], "key") is None
    assert models.asked == []


def test_stored_models_are_those_of_the_worker_that_has_all() -> None:
    listed = [
        [],
        [{"model_name": "late", "model_info": {"id": "1", "db_model": True}, "litellm_params": {"model": "m"}}],
    ]
    admin = Mock(deployments=lambda: listed.pop(0), answers=lambda model, _: model == "late")
    settings = Mock(**{"litellm.config.store_model_in_db": True})
    proof = Proof(Mock(master_key="key", settings=settings), Mock(models=["1"]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ops.check.wait.time.sleep", lambda _: None)
        assert proof.stored_models(admin)[-1] == "stored model late answers"
    assert listed == []


def test_a_model_whose_name_was_not_decrypted_does_not_count() -> None:
    deployments: list[dict[str, Any]] = [
        {"model_info": {"id": "1"}, "litellm_params": {"model": "openai/a"}},
        {"model_info": {"id": "2"}, "litellm_params": {"model": None}},
        {"model_info": {"id": "3"}},
    ]
    assert readable_models(deployments) == {"1"}
