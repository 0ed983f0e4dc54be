"""The proofs after an import."""

from typing import Any

from ops.adopt.database.prove import readable_models


def test_a_model_whose_name_was_not_decrypted_does_not_count() -> None:
    deployments: list[dict[str, Any]] = [
        {"model_info": {"id": "1"}, "litellm_params": {"model": "openai/a"}},
        {"model_info": {"id": "2"}, "litellm_params": {"model": None}},
        {"model_info": {"id": "3"}},
    ]
    assert readable_models(deployments) == {"1"}
