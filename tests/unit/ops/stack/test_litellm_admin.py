"""LiteLLM's administration is asked with a key that is never shown."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from ops.errors import OperationError
from ops.stack.litellm_admin import LiteLLMAdmin, bearer, direct_connection, litellm_admin, stored_chat_models
from testbed.certificates import Authority
from tests.unit.ops.proxied import beside_a_proxy

KEY = "sk-not-to-be-seen"


def admin(response: httpx.Response | Exception) -> LiteLLMAdmin:
    def handle(_: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    transport = httpx.MockTransport(handle)
    return LiteLLMAdmin(httpx.Client(transport=transport, base_url="http://edge", headers=bearer(KEY)))


def test_a_refused_request_is_an_error_without_the_key() -> None:
    with pytest.raises(OperationError, match=r"^/key/generate answered 401: no") as refused:
        admin(httpx.Response(401, text="no")).create_key("1h")
    assert KEY not in str(refused.value)


def test_a_gateway_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(OperationError, match=r"^the gateway did not answer /model/info: refused$"):
        admin(httpx.ConnectError("refused")).deployments()


def test_stored_chat_models_leave_out_config_yaml_and_other_modes() -> None:
    models: list[dict[str, Any]] = [
        {"model_name": "b", "model_info": {"db_model": True}},
        {"model_name": "a", "model_info": {"db_model": True, "mode": "chat"}},
        {"model_name": "in-file", "model_info": {"db_model": False, "mode": "chat"}},
        {"model_name": "embedding", "model_info": {"db_model": True, "mode": "embedding"}},
    ]
    assert stored_chat_models(models) == ["a", "b"]


def test_a_completion_asks_for_one_token() -> None:
    bodies: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={})

    client = httpx.Client(transport=httpx.MockTransport(handle), base_url="http://edge")
    assert LiteLLMAdmin(client).answers("small", KEY)
    assert json.loads(bodies[0])["max_tokens"] == 1


def test_a_key_never_goes_to_the_environment_s_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with beside_a_proxy(monkeypatch) as url, litellm_admin(url, KEY, {}) as client:
        assert client.deployments() == []
        assert client.status(KEY) == 200


def test_a_direct_connection_trusts_the_environment_s_authority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_text(Authority().certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    assert direct_connection()["verify"].cert_store_stats()["x509_ca"] == 1
