"""Which of the mock provider's APIs answers for a model."""

from components.models.entry import Mode

ALIAS = "provider"
PORT = 8090
URL = f"http://{ALIAS}:{PORT}"

PATHS = {
    ("openai", Mode.CHAT): "/openai/v1",
    ("openai", Mode.EMBEDDING): "/openai/v1",
    ("ollama_chat", Mode.CHAT): "/ollama",
    ("ollama", Mode.EMBEDDING): "/ollama",
    ("gemini", Mode.CHAT): "/gemini/v1beta",
    ("voyage", Mode.EMBEDDING): "/voyage/v1",
    ("voyage", Mode.RERANK): "/voyage/v1",
    ("cohere", Mode.EMBEDDING): "/cohere/v2/embed",
    ("cohere", Mode.RERANK): "/cohere",
}
"""Base path of each API that the mock provider imitates. LiteLLM appends the rest itself, but for Cohere's
embeddings."""

STAND_IN = {Mode.CHAT: "openai", Mode.EMBEDDING: "openai", Mode.RERANK: "cohere"}
"""Provider in whose form a model is asked when the mock provider does not imitate its own."""


def route(provider: str, mode: Mode) -> tuple[str, str]:
    """Return the provider and the base URL by which LiteLLM asks the mock provider for a model."""
    imitated = provider if (provider, mode) in PATHS else STAND_IN[mode]
    return imitated, URL + PATHS[imitated, mode]
