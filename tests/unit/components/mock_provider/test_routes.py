"""Which API of the mock provider answers for a model."""

import pytest

from components.mock_provider.routes import PATHS, URL, route
from components.mock_provider.server.app import CALLS
from components.models.model import CHAT, EMBEDDING, RERANK
from components.releases.release import release_for

RELEASE = release_for(None)


@pytest.mark.parametrize(
    ("provider", "mode", "path"),
    [
        ("openai", CHAT, "/openai/v1"),
        ("openai", EMBEDDING, "/openai/v1"),
        ("ollama_chat", CHAT, "/ollama"),
        ("ollama", EMBEDDING, "/ollama"),
        ("gemini", CHAT, "/gemini/v1beta"),
        ("voyage", EMBEDDING, "/voyage/v1"),
        ("voyage", RERANK, "/voyage/v1"),
        ("cohere", EMBEDDING, "/cohere/v2/embed"),
        ("cohere", RERANK, "/cohere"),
    ],
)
def test_imitated_provider_is_asked_in_its_own_form(provider: str, mode: str, path: str) -> None:
    assert route(provider, mode) == (provider, f"http://provider:8090{path}")


@pytest.mark.parametrize("provider", ["anthropic", "bedrock", "azure", "mistral"])
@pytest.mark.parametrize(("mode", "imitated"), [(CHAT, "openai"), (EMBEDDING, "openai"), (RERANK, "cohere")])
def test_other_provider_is_asked_in_the_form_of_a_stand_in(provider: str, mode: str, imitated: str) -> None:
    assert route(provider, mode) == route(imitated, mode)
    assert route(provider, mode)[0] == imitated


@pytest.mark.parametrize("mode", RELEASE.modes)
@pytest.mark.parametrize("provider", ["gemini", "ollama", "openai"])
def test_imitated_provider_has_a_stand_in_for_its_other_modes(provider: str, mode: str) -> None:
    imitated, base_url = route(provider, mode)
    assert base_url == URL + PATHS[imitated, mode if mode in (EMBEDDING, RERANK) else CHAT]


def test_every_imitated_provider_is_one_of_litellm() -> None:
    assert {provider for provider, _ in PATHS} <= set(RELEASE.providers)


@pytest.mark.parametrize("path", sorted(set(PATHS.values())))
def test_server_answers_below_every_base_path(path: str) -> None:
    assert [call for call in CALLS if call.startswith(path)]
