"""Values with which LiteLLM would start and then fail."""

import pytest

from components.models.values import alias_mistakes, param_mistakes, weight_mistakes


@pytest.mark.parametrize(
    ("provider", "name", "value"),
    [
        ("groq", "api_base", "http://host:8000/v1"),
        ("groq", "api_base", "wss://host"),
        ("groq", "api_base", "os.environ/BASE"),
        ("nvidia_riva", "api_base", "grpc.example.com:443"),
        ("groq", "rpm", 0),
        ("groq", "presence_penalty", -1.5),
        ("groq", "input_cost_per_token", 1e-6),
        ("groq", "api_key", "os.environ/KEY"),
    ],
)
def test_usual_values_are_fine(provider: str, name: str, value: object) -> None:
    assert list(param_mistakes(provider, {name: value}, "")) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("api_base", "host:8000"), ("timeout", -1), ("tpm", float("inf")), ("api_version", "v-os.environ/VERSION")],
)
def test_other_values_are_named_by_their_path(name: str, value: object) -> None:
    (found,) = param_mistakes("groq", {name: value}, "deployments[1].")
    assert found.startswith(f"deployments[1].{name}: ")


@pytest.mark.parametrize("weights", [[], [None], [2], [None, 1], [1, 0], ["os.environ/A", 1]])
def test_one_weight_is_enough(weights: list[object]) -> None:
    assert list(weight_mistakes(weights)) == []


@pytest.mark.parametrize("weights", [[0, 0], [0]])
def test_weights_of_nothing_are_refused(weights: list[object]) -> None:
    assert len(list(weight_mistakes(weights))) == 1


def test_an_alias_is_a_whole_name() -> None:
    assert list(alias_mistakes(["small", "team/small"])) == []
    assert len(list(alias_mistakes(["", "*"]))) == 2
