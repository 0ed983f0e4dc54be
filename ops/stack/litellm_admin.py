"""LiteLLM's administration API, called through the edge with a master key."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypedDict

import httpx

from ops.errors import OperationError

REQUEST_TIMEOUT_SECONDS = 60.0
"""A provider may answer slowly."""
LONGEST_ERROR = 300
"""Characters of an error response that are shown."""


@dataclass(frozen=True)
class LiteLLMAdmin:
    """A client with a key; it never prints the key."""

    client: httpx.Client

    def status(self, key: str) -> int:
        """Return the HTTP status of a request with this key: 200 if the key is valid, 401 if not."""
        return self._send("GET", "/v1/models", headers=bearer(key)).status_code

    def knows_key(self, token: str) -> bool:
        """Return whether a virtual key exists; `token` is its hash, as the database has it."""
        return self._send("GET", "/key/info", params={"key": token}).is_success

    def create_key(self, lifetime: str) -> str:
        """Create and return a virtual key that expires, e.g. after `1h`."""
        return str(self._json("POST", "/key/generate", json={"duration": lifetime})["key"])

    def delete_key(self, key: str) -> None:
        """Delete a virtual key."""
        self._json("POST", "/key/delete", json={"keys": [key]})

    def deployments(self) -> list[dict[str, Any]]:
        """Return every deployment of every model, from config.yaml and from the database."""
        return list(self._json("GET", "/model/info").get("data") or [])

    def answers(self, model: str, key: str) -> bool:
        """Return whether a model completes a chat of one token."""
        body = {"model": model, "messages": [{"role": "user", "content": "ping"}], "max_tokens": 1}
        return self._send("POST", "/v1/chat/completions", json=body, headers=bearer(key)).is_success

    def _json(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        response = self._send(method, path, **arguments)
        if not response.is_success:
            raise OperationError(f"{path} answered {response.status_code}: {response.text[:LONGEST_ERROR]}")
        return dict(response.json())

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            return self.client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise OperationError(f"the gateway did not answer {path}: {error}") from error


@contextmanager
def litellm_admin(proxy_url: str, master_key: str, host_header: Mapping[str, str]) -> Iterator[LiteLLMAdmin]:
    """Open a client for one gateway; `host_header` is empty if its edge serves every host name."""
    headers = bearer(master_key) | dict(host_header)
    timeout = REQUEST_TIMEOUT_SECONDS
    with httpx.Client(base_url=proxy_url, headers=headers, timeout=timeout, **direct_connection()) as client:
        yield LiteLLMAdmin(client)


def stored_chat_models(deployments: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the chat models in the database; the salt key encrypts their credentials."""
    infos = [(str(model["model_name"]), model.get("model_info") or {}) for model in deployments]
    return sorted({name for name, info in infos if info.get("db_model") and info.get("mode") in (None, "chat")})


def bearer(key: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"Authorization": f"Bearer {key}"}


class ConnectionOptions(TypedDict):
    """Options of an HTTP client: how it connects."""

    trust_env: bool
    verify: ssl.SSLContext


def direct_connection() -> ConnectionOptions:
    """Return the options of every client that sends a key to a gateway.

    The environment's proxy is not between the gateway and its own host, and must not read the key. The certificates of
    the environment (SSL_CERT_FILE) count: an Ingress may have one of a private authority.
    """
    return {"trust_env": False, "verify": httpx.create_ssl_context()}
