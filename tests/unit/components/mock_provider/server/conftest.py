"""A mock provider for each test, called over ASGI: no socket, no process."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from components.mock_provider.server.app import create_app
from components.mock_provider.server.control import Control


class Asked:
    """A mock provider and a client of it."""

    def __init__(self) -> None:
        self.app = create_app(Control())

    def send(self, method: str, path: str, body: Any = None, patience: float = 5) -> httpx.Response:
        """One request's answer; raises TimeoutError when it has not come in `patience` seconds."""

        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://provider") as client:
                return await asyncio.wait_for(client.request(method, path, json=body), patience)

        return asyncio.run(exchange())

    def post(self, path: str, **body: Any) -> httpx.Response:
        """The answer to a provider's call."""
        return self.send("POST", path, body)

    def leave(self, path: str, **body: Any) -> None:
        """Send a provider's call and close the connection before the answer is whole."""
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
        sent = iter([{"type": "http.request", "body": json.dumps(body).encode()}])

        async def receive() -> Any:
            await asyncio.sleep(0.05)
            return next(sent, {"type": "http.disconnect"})

        async def send(_: Any) -> None:
            """Nobody reads it."""

        asyncio.run(asyncio.wait_for(self.app(scope, receive, send), 10))

    def obey(self, **settings: Any) -> None:
        """Replace the settings."""
        assert self.send("PUT", "/control", settings).status_code == 200

    def counts(self) -> dict[str, Any]:
        """What `GET /counts` shows."""
        counted: dict[str, Any] = self.send("GET", "/counts").json()
        return counted


@pytest.fixture
def provider() -> Asked:
    """A fresh mock provider."""
    return Asked()
