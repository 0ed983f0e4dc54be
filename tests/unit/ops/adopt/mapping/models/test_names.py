"""Names of models and of their files."""

import pytest

from ops.adopt.mapping.models.names import file_name, inferred_mode, inferred_provider


@pytest.mark.parametrize(
    ("model", "file"),
    [("gpt-4o", "gpt-4o"), ("gpt-4.1", "gpt-4.1"), ("openai/gpt-4o", "openai-gpt-4o"), ("openai/*", "openai-any"),
     ("*", "model-any"), ("my model", "my-model"), ("../x", "x"), (".hidden", "hidden")],
)  # fmt: skip
def test_a_model_s_file_has_its_name_where_a_file_can(model: str, file: str) -> None:
    assert file_name(model, []) == file


def test_two_models_never_share_a_file() -> None:
    assert file_name("a/b", ["a-b"]) == "a-b-2"
    assert file_name("GPT", ["gpt"]) == "GPT-2"


@pytest.mark.parametrize(
    ("model", "mode"),
    [("gpt-4o", "chat"), ("text-embedding-3-small", "embedding"), ("rerank-2", "rerank"),
     ("whisper-1", "audio_transcription")],
)  # fmt: skip
def test_the_mode_is_told_by_the_name(model: str, mode: str) -> None:
    assert inferred_mode(model) == mode


@pytest.mark.parametrize(("model", "provider"), [("gpt-4o", "openai"), ("claude-x", "anthropic"), ("mine", None)])
def test_a_provider_is_inferred_only_where_litellm_does(model: str, provider: str | None) -> None:
    assert inferred_provider(model) == provider
