"""What proves that the gateway serves the old data: an old key, stored models, spend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from ops.adopt.database.new_database import Contents
from ops.check.wait import wait_until
from ops.errors import OperationError
from ops.stack.gateway import Gateway
from ops.stack.litellm_admin import LiteLLMAdmin, litellm_admin, stored_chat_models

T = TypeVar("T")

Deployments = list[dict[str, Any]]
"""What a worker lists as served."""

TIMEOUT_SECONDS = 90.0
"""For LiteLLM to find the database again, and to load stored models: it looks every 30 s."""
MOST_MODELS = 3
"""Stored models that are asked: each answer may cost money."""
ANSWER_TIMEOUT_SECONDS = 60.0
"""For one of them to answer: each worker looks for stored models every 30 s by itself. A provider that is away must not
stop an import."""


@dataclass(frozen=True)
class Proof:
    """What is asked of the gateway."""

    gateway: Gateway = field(repr=False)
    contents: Contents
    """Of the database that it serves now."""
    key: str | None = field(default=None, repr=False)
    """An old virtual key; None: only the hash of one is asked for."""

    def run(self) -> list[str]:
        """Return a sentence for each proof.

        Raises:
            OperationError: if one fails.
        """
        gateway = self.gateway
        with litellm_admin(gateway.proxy_url, gateway.master_key, gateway.host_header) as admin:
            return [self._known_key(admin), *self._working_key(admin), *self.stored_models(admin), self._spend()]

    def _known_key(self, admin: LiteLLMAdmin) -> str:
        if not self.contents.key:
            return "the old database holds no virtual key that is still valid"
        _wait(
            lambda: admin.knows_key(self.contents.key),
            "the gateway does not know a virtual key that is in its database",
        )
        return "the gateway knows an old virtual key"

    def _working_key(self, admin: LiteLLMAdmin) -> list[str]:
        key = self.key
        if key is None:
            return []
        _wait(lambda: admin.status(key) == HTTPStatus.OK, "the gateway refuses the old virtual key that was given")
        return ["the old virtual key that was given works"]

    def stored_models(self, admin: LiteLLMAdmin) -> list[str]:
        """Return what proves that the models in the database are served."""
        wanted = set(self.contents.models)
        if not wanted:
            return []
        if not self.gateway.settings.litellm.config.store_model_in_db:
            where = "LiteLLM reads them only with litellm.config.store_model_in_db"
            return [f"the old database stores {len(wanted)} models, which are not served: {where}"]
        failure = f"the gateway does not serve all of the {len(wanted)} stored models"
        # Another worker may know none of them yet: what one worker lists is kept, not asked for again.
        deployments = _wait(lambda: _with_all(admin.deployments(), wanted), failure)
        found = [f"the gateway serves all {len(wanted)} stored models"]
        answering = answering_model(admin, stored_chat_models(deployments), self.gateway.master_key)
        found.append(f"stored model {answering} answers" if answering else "no stored chat model answers at the moment")
        return found

    def _spend(self) -> str:
        return f"spend is what it was: {sum(self.contents.spend.values())} USD over all tables"


def answering_model(admin: LiteLLMAdmin, models: Sequence[str], key: str) -> str | None:
    """Return the first of MOST_MODELS models that answers within ANSWER_TIMEOUT_SECONDS; None if none."""
    asked = models[:MOST_MODELS]
    if not asked:
        return None
    return wait_until(
        lambda: next((name for name in asked if _answers(admin, name, key)), None),
        timeout=ANSWER_TIMEOUT_SECONDS,
        interval=2,
    )


def _with_all(deployments: Deployments, wanted: set[str]) -> Deployments:
    """Return the deployments if they hold all stored models, else none."""
    return deployments if wanted <= readable_models(deployments) else []


def readable_models(deployments: Deployments) -> set[str]:
    """Return the ids of the models that LiteLLM has decrypted."""
    found = set()
    for deployment in deployments:
        info, params = deployment.get("model_info"), deployment.get("litellm_params")
        if isinstance(info, dict) and isinstance(params, dict) and params.get("model"):
            found.add(str(info.get("id")))
    return found


def _answers(admin: LiteLLMAdmin, model: str, key: str) -> bool:
    try:
        return admin.answers(model, key)
    except OperationError:
        return False


def _wait(attempt: Callable[[], T], failure: str) -> T:
    try:
        if result := wait_until(attempt, timeout=TIMEOUT_SECONDS, interval=1, retry_on=(OperationError,)):
            return result
    except OperationError as error:
        raise OperationError(f"{failure}: {error}") from error
    raise OperationError(failure)
