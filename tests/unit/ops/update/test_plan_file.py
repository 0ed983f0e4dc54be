"""A plan holds an update to what was reviewed, and a refusal shows no secret."""

from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.update.plan_file import plan_differences, plan_differs_error, read_plan
from tests.unit.ops.steps import SECRETS

URN = "urn:pulumi:dev::gateway::docker:index/container:Container::"


def plan(config: dict[str, Any] | None = None, **resources: Any) -> dict[str, Any]:
    return {
        "manifest": {"time": "another each time"},
        "config": config or {},
        "resourcePlans": {
            f"{URN}{name}": {"steps": steps, "goal": {"inputDiff": inputs}, "seed": "random", "state": {}}
            for name, (steps, inputs) in resources.items()
        },
    }


def test_two_plans_of_the_same_do_not_differ() -> None:
    one, other = plan(edge=(["same"], {})), plan(edge=(["same"], {}))
    other["resourcePlans"][f"{URN}edge"]["seed"] = "another"
    assert plan_differences(one, other) == []


def test_changed_settings_are_named_by_their_paths() -> None:
    one = plan({"gateway:litellm": {"config": {"cooldown_time": 61}}, "gateway:keys": {"A": {"secure": "v1:x"}}})
    other = plan({"gateway:litellm": {"config": {"cooldown_time": 62}}, "gateway:keys": {"A": {"secure": "v1:y"}}})
    assert plan_differences(one, other) == ["gateway:keys.A", "gateway:litellm.config.cooldown_time"]


def test_changed_steps_and_inputs_are_named_by_their_resources() -> None:
    one = plan(edge=(["same"], {}), redis=(["update"], {"updates": {"memory": 1}}), gone=(["same"], {}))
    other = plan(edge=(["replace"], {}), redis=(["update"], {"updates": {"memory": 2}}))
    assert plan_differences(one, other) == ["edge", "gone", "redis"]


def test_encrypted_values_are_not_compared() -> None:
    one = plan(edge=(["update"], {"updates": {"uploads": {**SECRETS, "ciphertext": "v1:a"}}}))
    other = plan(edge=(["update"], {"updates": {"uploads": {**SECRETS, "ciphertext": "v1:b"}}}))
    assert plan_differences(one, other) == []


def test_the_error_names_what_differs_and_the_cure() -> None:
    said = plan_differs_error(Path("reviewed.json"), "prod", ["gateway:keys.A"])
    assert said.startswith("nothing was changed: what would be done now differs in gateway:keys.A")
    assert said.endswith("look again with `python -m ops preview prod`")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 3}'])
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(OperationError, match=r"plan\.json: is not a plan"):
        read_plan(tmp_path / "plan.json")


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="there is no such plan"):
        read_plan(tmp_path / "plan.json")
