"""LiteLLM's administration through the edge, with a master key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from ops.errors import OperationError

PATIENCE = 60.0
"""Seconds for one answer; a provider may be slow."""


@dataclass(frozen=True)
class Admin:
    """A client that holds a key. Nothing here writes the key anywhere."""

    client: httpx.Client

    def status(self, key: str) -> int:
        """Ask for the models with some key and give the HTTP status: 200 where the key is good, 401 where it is not."""
        return self._send("GET", "/v1/models", headers=bearer(key)).status_code

    def make_key(self, lifetime: str) -> str:
        """Make a virtual key that ends by itself, e.g. after `1h`."""
        return str(self._json("POST", "/key/generate", json={"duration": lifetime})["key"])

    def delete_key(self, key: str) -> None:
        """Delete a virtual key."""
        self._json("POST", "/key/delete", json={"keys": [key]})

    def deployments(self) -> list[dict[str, Any]]:
        """List what the gateway serves: each deployment of each model, of config.yaml and of the database."""
        return list(self._json("GET", "/model/info").get("data") or [])

    def stored_chat_models(self) -> list[str]:
        """Name the chat models that are stored in the database; their credentials are encrypted by the salt key."""
        infos = [(str(model["model_name"]), model.get("model_info") or {}) for model in self.deployments()]
        return sorted({name for name, info in infos if info.get("db_model") and info.get("mode") in (None, "chat")})

    def answers(self, model: str, key: str) -> bool:
        """Tell whether a model completes a chat of one token."""
        body = {"model": model, "messages": [{"role": "user", "content": "ping"}], "max_tokens": 1}
        return self._send("POST", "/v1/chat/completions", json=body, headers=bearer(key)).is_success

    def _json(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = self._send(method, path, **arguments)
        if not answer.is_success:
            raise OperationError(f"{path} answered {answer.status_code}: {answer.text[:300]}")
        return dict(answer.json())

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            return self.client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise OperationError(f"the gateway did not answer {path}: {error}") from error


@contextmanager
def administration(proxy_url: str, master_key: str, host: Mapping[str, str]) -> Iterator[Admin]:
    """Open a client for one gateway; `host` is the header that names one, where its edge does not serve all."""
    with httpx.Client(base_url=proxy_url, headers=bearer(master_key) | dict(host), timeout=PATIENCE) as client:
        yield Admin(client)


def bearer(key: str) -> dict[str, str]:
    """Give the header that carries a key."""
    return {"Authorization": f"Bearer {key}"}
