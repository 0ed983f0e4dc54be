"""Whether a value of the configuration is a secret, by its name or by its look. config.yaml must hold none."""

import re
from collections.abc import Iterator
from typing import Any

from components.settings.errors import printable

REFERENCE = "os.environ/"
"""What LiteLLM replaces by a variable of its environment."""
AUTHORIZATION = re.compile(r"(Bearer|Basic|Token) +(?=os\.environ/)", re.IGNORECASE)
"""What may stand before a reference in a header."""
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
"""Form of an environment variable's name."""

SECRET_NAME = re.compile(
    r"(^|[_-])(api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|encryption[_-]?key|signing[_-]?key|shared[_-]?key"
    r"|secret|secret[_-]?key|secret[_-]?access[_-]?key|password|passwd|pwd|passphrase|token|credentials?|cookie"
    r"|authorization|auth[_-]?value|webhook[_-]?url|connection[_-]?string|[a-z0-9]+[_-]key)$",
    re.IGNORECASE,
)
NOT_SECRET = frozenset({
    "bos_token", "eos_token", "cache_key", "preset_cache_key", "prompt_cache_key", "public_key", "langfuse_public_key",
    "routing_key", "partition_key", "primary_key", "sort_key", "key", "vault_key", "model_key", "jwt_key", "group_key",
    "arize_space_key", "foreign_key", "header_key",
})  # fmt: skip
"""Names that look like a secret's and are none; with `_` for `-`."""
LEAST_NUMBER = 1000
"""A smaller number is hardly a password; YAML reads one of digits as a number."""
CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
COST_NAME = re.compile(r"cost_per_\w*token$")

SECRET_VALUE = re.compile(
    r"""
    \b(sk|rk)-[A-Za-z0-9_-]{16,}              # OpenAI, Anthropic, LiteLLM; pk- is public
    | \bgh[pousr]_[A-Za-z0-9]{20,}             # GitHub
    | \bgithub_pat_\w{20,}
    | \b(AKIA|ASIA)[A-Z0-9]{16}\b              # AWS
    | \bAIza[A-Za-z0-9_-]{30,}                 # Google
    | \bxox[abprs]-[A-Za-z0-9-]{10,}           # Slack
    | hooks\.slack\.com/services/\S+
    | \bgsk_[A-Za-z0-9]{20,}                   # Groq
    | \b(xai|nvapi|pplx|tvly|glpat)-[A-Za-z0-9_-]{20,}  # xAI, NVIDIA, Perplexity, Tavily, GitLab
    | \bya29\.[A-Za-z0-9_-]{20,}               # Google's OAuth
    | [?&;](api[_-]?key|key|token|access[_-]?token|auth|secret|password|sig|signature)=(?!os\.environ/)[^&\s]{6,}
    | (?<![\w-])--?[a-z-]*(api-?key|token|secret|password)=(?!os\.environ/)\S{6,}
    | \bhf_[A-Za-z0-9]{20,}                    # Hugging Face
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.  # JSON Web Token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----(.*?-----END\ [A-Z ]*PRIVATE\ KEY-----|.*)
    | ://[^/\s:@]*:[^/\s@]+@                   # password in a URL
    | (?:^|(?<=[=:'"]))\ *(Bearer|Basic)(\ |%20)+(?!os\.environ/)\S{8,}
    """,
    re.VERBOSE,
)
AUTHORIZATION_IN_TEXT = re.compile(r"\b(Bearer|Basic)(\s|%20)+(?!os\.environ/)[^\s:'\"]{8,}")


def is_secret_name(name: str) -> bool:
    """Return whether values under a name are secrets."""
    plain = CAMEL_CASE.sub("_", name).lower().replace("-", "_")
    return plain not in NOT_SECRET and not COST_NAME.search(plain) and bool(SECRET_NAME.search(plain))


def is_reference(value: Any) -> bool:
    """Return whether LiteLLM replaces a value by a variable of its environment."""
    return isinstance(value, str) and AUTHORIZATION.sub("", value, count=1).startswith(REFERENCE)


def without_secrets(text: str) -> str:
    """Return a text with all that looks like a secret left out."""
    return SECRET_VALUE.sub("…", AUTHORIZATION_IN_TEXT.sub("…", text))


def literal_secrets(value: Any, path: str, name: str = "") -> Iterator[tuple[str, str]]:
    """Find the literals that are or look like secrets, each with its path and the reason."""
    match value:
        case dict():
            for key, inner in value.items():
                place = f"{path}.{printable(key)}" if path else printable(key)
                if SECRET_VALUE.search(str(key)):
                    yield place, "is a key that looks like a secret"
                yield from literal_secrets(inner, place, str(key))
        case list():
            for number, inner in enumerate(value):
                yield from literal_secrets(inner, f"{path}[{number}]", name)
        case str() if value and not is_reference(value):
            if is_secret_name(name):
                yield path, "holds a secret in clear"
            elif SECRET_VALUE.search(value):
                yield path, "looks like a secret in clear"
        case int() if value >= LEAST_NUMBER and is_secret_name(name):
            yield path, "holds a secret in clear"


def references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Find the references to LiteLLM's environment, each with its path and the variable's name."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from references(inner, f"{path}.{printable(key)}")
        case list():
            for number, inner in enumerate(value):
                yield from references(inner, f"{path}[{number}]")
        case str() if is_reference(value):
            yield path, value.partition(REFERENCE)[2]
