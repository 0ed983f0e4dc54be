"""Names of models: the provider that LiteLLM would infer, what a model does, and the file that describes it."""

import re
from collections.abc import Collection

INFERRED = {
    r"(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|dall-e|whisper|tts-|(text|omni)-moderation|ft:)": "openai",
    r"claude": "anthropic",
    r"(command|embed-(english|multilingual)|rerank-)": "cohere",
    r"voyage-": "voyage",
    r"gemini": "gemini",
}  # fmt: skip
"""How names of models begin → the provider that LiteLLM infers."""

MODES = {
    r"rerank": "rerank",
    r"(embed|voyage-|bge-|e5-|titan-embed)": "embedding",
    r"(whisper|transcri)": "audio_transcription",
    r"(^|[/-])tts": "audio_speech",
    r"(dall-e|gpt-image|imagen|stable-diffusion|flux)": "image_generation",
    r"moderation": "moderation",
}
"""What in a name tells the mode; chat is all else."""

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def inferred_provider(model: str) -> str | None:
    """Return the provider that LiteLLM infers from a model's name; None if this project does not know."""
    return next((provider for pattern, provider in INFERRED.items() if re.match(pattern, model)), None)


def inferred_mode(model: str) -> str:
    """Return what a model probably does."""
    return next((mode for pattern, mode in MODES.items() if re.search(pattern, model.lower())), "chat")


def file_name(model: str, taken: Collection[str]) -> str:
    """Return a name for a model's file, without .yaml, that is not taken; the model's own if a file can have it."""
    stem = model if FILE_NAME.fullmatch(model) else re.sub(r"[^A-Za-z0-9._-]+", "-", model).strip("-.") or "model"
    if "*" in model and FILE_NAME.fullmatch(stem):
        stem = f"{stem}-any"
    lower = {name.lower() for name in taken}
    names = (stem, *(f"{stem}-{count}" for count in range(2, 10000)))
    return next(name for name in names if name.lower() not in lower)
