"""Runs in LiteLLM's container: which of the values that LiteLLM encrypted can be read with the stack's salt key."""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.secret import SecretBox

SECRETS = Path("/run/secrets")
GCM = "v2:gcm:"
SHORTEST = 40
"""Bytes of the shortest encrypted value: a nonce of 24 and a tag of 16."""


def readable(value: str, key: bytes) -> bool:
    """Return whether a value can be decrypted, or was never encrypted."""
    try:
        if value.startswith(GCM):
            sealed = base64.urlsafe_b64decode(value.removeprefix(GCM))
            AESGCM(key).decrypt(sealed[:12], sealed[12:], None)
            return True
        sealed = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except Exception:  # noqa: BLE001 - each library raises its own
        return not value.startswith(GCM)
    if len(sealed) < SHORTEST:
        return True
    try:
        SecretBox(key).decrypt(sealed)
    except Exception:  # noqa: BLE001
        return False
    return True


def values(found: Any) -> list[str]:
    """Return all texts in a stored value."""
    if isinstance(found, dict):
        return [text for inner in found.values() for text in values(inner)]
    if isinstance(found, list):
        return [text for inner in found for text in values(inner)]
    return [found] if isinstance(found, str) else []


def main() -> None:
    """Print the numbers of readable and unreadable entries."""
    key = hashlib.sha256((SECRETS / "salt_key").read_bytes()).digest()
    entries = json.loads((SECRETS / "entries").read_text())
    bad = [name for name, entry in entries.items() if not all(readable(value, key) for value in values(entry))]
    json.dump({"entries": len(entries), "unreadable": bad}, sys.stdout)


main()
