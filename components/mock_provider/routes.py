"""Which of the mock provider's APIs answers for a model."""

from components.models.model import CHAT, EMBEDDING, RERANK

ALIAS = "provider"
PORT = 8090
URL = f"http://{ALIAS}:{PORT}"

OPENAI = "openai"
PATHS = {
    (OPENAI, CHAT): "/openai/v1",
    (OPENAI, EMBEDDING): "/openai/v1",
    ("ollama_chat", CHAT): "/ollama",
    ("ollama", EMBEDDING): "/ollama",
    ("gemini", CHAT): "/gemini/v1beta",
    ("voyage", EMBEDDING): "/voyage/v1",
    ("voyage", RERANK): "/voyage/v1",
    ("cohere", EMBEDDING): "/cohere/v2/embed",
    ("cohere", RERANK): "/cohere",
}
"""Base path of each API that the mock provider imitates. LiteLLM appends the rest itself, but for Cohere's
embeddings."""

STAND_IN = {RERANK: "cohere"}
"""Provider in whose form a model is asked when the mock provider does not imitate its own; OpenAI's for all other
modes."""


def route(provider: str, mode: str) -> tuple[str, str]:
    """Return the provider and the base URL by which LiteLLM asks the mock provider for a model."""
    if (provider, mode) in PATHS:
        return provider, URL + PATHS[provider, mode]
    stand_in = STAND_IN.get(mode, OPENAI)
    return stand_in, URL + PATHS.get((stand_in, mode), PATHS[OPENAI, CHAT])
