"""A caller with a virtual key, and what the database must keep of it."""

import hashlib
import time
from dataclasses import dataclass, field, replace

import httpx

from testbed.gateway import new_key, store_model
from testbed.project import Project
from testbed.wait import wait_until

MODEL = "stored-before-the-updates"
PRICE = 0.001
"""USD a token: without a price a request would cost nothing."""
WRITTEN_SECONDS = 45.0
"""For a stored model to be known to a new replica, or for collected spend to be written."""


@dataclass(frozen=True)
class Kept:
    """What must not be lost, as it is in the database."""

    keys: int
    models: int
    spend_logs: int
    """Of this caller's requests."""
    spend: float
    """Of this caller's key, USD."""


@dataclass
class Client:
    """A virtual key and a stored model, whose credential the salt key encrypts."""

    gateway: Project
    proxy_url: str
    key: str = field(repr=False)
    asked: int = 0
    """Requests that were answered."""
    price: float = 0.0
    """USD that one request costs; 0 while it is unknown."""

    def ask(self) -> None:
        """Ask for one completion, which has to succeed."""
        give_up = time.monotonic() + WRITTEN_SECONDS
        while (answer := self._completion()).status_code != 200:
            # A replica that has just started loads stored models a little later.
            assert time.monotonic() < give_up, answer.text
            time.sleep(0.5)
        self.asked += 1

    def kept(self) -> Kept:
        """Return what the database holds once all requests so far are in it."""
        give_up = time.monotonic() + WRITTEN_SECONDS
        # The log of a request and the sum of its key are written one after the other.
        while (found := self._found()) != self._due(found) and time.monotonic() < give_up:
            time.sleep(1)
        return found

    def _due(self, found: Kept) -> Kept:
        """Return what was found, with the figures that it has once all requests so far are in it."""
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
    store_model(proxy, MODEL, "sk-stored", input_cost_per_token=PRICE, output_cost_per_token=PRICE)
    return Client(gateway, gateway.output("proxy_url"), new_key(proxy, "caller"))


def learn_price(client: Client) -> None:
    """Ask once, and note what a request costs as soon as its spend is written."""
    client.ask()
    wait_until(lambda: client.kept().spend, WRITTEN_SECONDS, pause=1)
    client.price = client.kept().spend / client.asked
