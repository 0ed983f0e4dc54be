"""Somebody who holds a virtual key, and what the database has to keep of them."""

import hashlib
import time
from dataclasses import dataclass, field, replace

import httpx

from tests.e2e.project import Project

MODEL = "stored-before-the-updates"
PRICE = 0.001
"""USD a token: without a price no request would leave a spend."""
PATIENCE = 45.0
"""Seconds for a stored model to be known, or for collected spend to be written."""


@dataclass(frozen=True)
class Kept:
    """What must not be lost, as the database has it."""

    keys: int
    models: int
    spend_logs: int
    """Of this client's requests."""
    spend: float
    """Of this client's key, USD."""


@dataclass
class Client:
    """A virtual key that asks a stored model, whose credential the salt key encrypts."""

    gateway: Project
    proxy_url: str
    key: str = field(repr=False)
    asked: int = 0
    """Requests that were answered."""
    price: float = 0.0
    """USD that one request costs; 0 until it is known."""

    def ask(self) -> None:
        """Ask for one completion, which has to come."""
        give_up = time.monotonic() + PATIENCE
        while (answer := self._completion()).status_code != 200:
            # A replica that has just started learns of stored models a little later.
            assert time.monotonic() < give_up, answer.text
            time.sleep(0.5)
        self.asked += 1

    def kept(self) -> Kept:
        """Count what the database keeps, once all requests so far are in it."""
        give_up = time.monotonic() + PATIENCE
        # A request's log and the sum of its key are written one after the other.
        while (found := self._found()) != self._due(found) and time.monotonic() < give_up:
            time.sleep(1)
        return found

    def _due(self, found: Kept) -> Kept:
        """Give what was found as it is once all requests so far are in it."""
        spend = round(self.asked * self.price, 6) if self.price else found.spend
        return replace(found, spend_logs=self.asked, spend=spend)

    def _found(self) -> Kept:
        token = hashlib.sha256(self.key.encode()).hexdigest()
        logs = f"""select count(*) from "LiteLLM_SpendLogs" where api_key = '{token}' and spend > 0"""
        spend = f"""select spend from "LiteLLM_VerificationToken" where token = '{token}'"""
        return Kept(
            keys=int(self.gateway.sql("""select count(*) from "LiteLLM_VerificationToken" """)),
            models=int(self.gateway.sql("""select count(*) from "LiteLLM_ProxyModelTable" """)),
            spend_logs=int(self.gateway.sql(logs)),
            spend=round(float(self.gateway.sql(spend)), 6),
        )

    def _completion(self) -> httpx.Response:
        body = {"model": MODEL, "messages": [{"role": "user", "content": "ping"}]}
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.post(f"{self.proxy_url}/v1/chat/completions", json=body, headers=headers, timeout=60)


def new_client(gateway: Project, proxy: httpx.Client) -> Client:
    """Store a model that costs money, and make a key."""
    parameters = {
        "model": "openai/gpt-stored", "api_base": "http://provider:8090/openai/v1", "api_key": "sk-stored",
        "input_cost_per_token": PRICE, "output_cost_per_token": PRICE,
    }  # fmt: skip
    stored = proxy.post("/model/new", json={"model_name": MODEL, "litellm_params": parameters})
    assert stored.status_code == 200, stored.text
    made = proxy.post("/key/generate", json={"key_alias": "somebody"})
    assert made.status_code == 200, made.text
    return Client(gateway, gateway.output("proxy_url"), str(made.json()["key"]))
