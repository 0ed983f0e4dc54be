"""Whether a value of the configuration is a secret, by its name or by its look. config.yaml must hold none."""

import re
from collections.abc import Iterator
from typing import Any

REFERENCE = "os.environ/"
"""What LiteLLM replaces by a variable of its environment."""

SECRET_NAME = re.compile(
    r"(^|[_-])(api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|shared[_-]?key"
    r"|secret|secret[_-]?key|secret[_-]?access[_-]?key|password|passwd|token|credentials?|authorization|webhook[_-]?url"
    r"|connection[_-]?string|[a-z0-9]+_key)$",
    re.IGNORECASE,
)
NOT_SECRET = frozenset({
    "bos_token", "eos_token", "cache_key", "preset_cache_key", "prompt_cache_key", "public_key", "langfuse_public_key",
    "routing_key", "partition_key", "primary_key", "sort_key", "key", "vault_key", "model_key", "jwt_key", "group_key",
    "arize_space_key", "foreign_key", "header_key",
})  # fmt: skip
"""Names that look like a secret's and are none."""

SECRET_VALUE = re.compile(
    r"""
    \b(sk|rk|pk)-[A-Za-z0-9_-]{16,}            # OpenAI, Anthropic, LiteLLM
    | \bgh[pousr]_[A-Za-z0-9]{20,}             # GitHub
    | \bgithub_pat_\w{20,}
    | \b(AKIA|ASIA)[A-Z0-9]{16}\b              # AWS
    | \bAIza[A-Za-z0-9_-]{30,}                 # Google
    | \bxox[abprs]-[A-Za-z0-9-]{10,}           # Slack
    | hooks\.slack\.com/services/\S+
    | \bgsk_[A-Za-z0-9]{20,}                   # Groq
    | \bhf_[A-Za-z0-9]{20,}                    # Hugging Face
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.  # JSON Web Token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----
    | ://[^/\s:@]+:[^/\s:@]+@                  # password in a URL
    | ^(Bearer|Basic)\ +\S{8,}
    """,
    re.VERBOSE,
)


def literal_secrets(value: Any, path: str, name: str = "") -> Iterator[tuple[str, str]]:
    """Find the literals that are or look like secrets, each with its path and the reason."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from literal_secrets(inner, f"{path}.{key}", str(key))
        case list():
            for place, inner in enumerate(value):
                yield from literal_secrets(inner, f"{path}[{place}]", name)
        case str() if value and not value.startswith(REFERENCE):
            if name not in NOT_SECRET and SECRET_NAME.search(name):
                yield path, "holds a secret in clear"
            elif SECRET_VALUE.search(value):
                yield path, "looks like a secret in clear"


def references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Find the references to LiteLLM's environment, each with its path and the variable's name."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from references(inner, f"{path}.{key}")
        case list():
            for place, inner in enumerate(value):
                yield from references(inner, f"{path}[{place}]")
        case str() if value.startswith(REFERENCE):
            yield path, value.removeprefix(REFERENCE)
