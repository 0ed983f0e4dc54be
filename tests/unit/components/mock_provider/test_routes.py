"""Which API of the mock provider answers for a model."""

import pytest
from components.models.entry import PROVIDERS, Mode

from components.mock_provider.routes import PATHS, URL, route
from components.mock_provider.server.app import CALLS


@pytest.mark.parametrize(
    ("provider", "mode", "path"),
    [
        ("openai", Mode.CHAT, "/openai/v1"),
        ("openai", Mode.EMBEDDING, "/openai/v1"),
        ("ollama_chat", Mode.CHAT, "/ollama"),
        ("ollama", Mode.EMBEDDING, "/ollama"),
        ("gemini", Mode.CHAT, "/gemini/v1beta"),
        ("voyage", Mode.EMBEDDING, "/voyage/v1"),
        ("voyage", Mode.RERANK, "/voyage/v1"),
        ("cohere", Mode.EMBEDDING, "/cohere/v2/embed"),
        ("cohere", Mode.RERANK, "/cohere"),
    ],
)
def test_imitated_provider_is_asked_in_its_own_form(provider: str, mode: Mode, path: str) -> None:
    assert route(provider, mode) == (provider, f"http://provider:8090{path}")


@pytest.mark.parametrize("provider", ["anthropic", "bedrock", "azure", "mistral"])
@pytest.mark.parametrize(
    ("mode", "imitated"), [(Mode.CHAT, "openai"), (Mode.EMBEDDING, "openai"), (Mode.RERANK, "cohere")]
)
def test_other_provider_is_asked_in_the_form_of_a_stand_in(provider: str, mode: Mode, imitated: str) -> None:
    assert route(provider, mode) == route(imitated, mode)
    assert route(provider, mode)[0] == imitated


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("provider", ["gemini", "ollama", "openai"])
def test_imitated_provider_has_a_stand_in_for_its_other_modes(provider: str, mode: Mode) -> None:
    imitated, base_url = route(provider, mode)
    assert (imitated, mode) in PATHS
    assert base_url == URL + PATHS[imitated, mode]


def test_every_imitated_provider_is_one_of_litellm() -> None:
    assert {provider for provider, _ in PATHS} <= PROVIDERS


@pytest.mark.parametrize("path", sorted(set(PATHS.values())))
def test_server_answers_below_every_base_path(path: str) -> None:
    assert [call for call in CALLS if call.startswith(path)]
