"""Sizes that have to fit each other: the old deployment did without, the gateway does not."""

from components.stack.sizing import WORKER_MEMORY_MIB
from ops.adopt.draft import Draft


def fit_sizes(draft: Draft) -> None:
    """Change what would be refused, and note it."""
    workers = _number(draft, "litellm.workers", 1)
    litellm = draft.settings.setdefault("litellm", {})
    if draft.get("litellm.max_requests_before_restart") is not None and workers == 1:
        litellm["workers"] = workers = 2
        draft.notes.append(
            "litellm.workers is 2: max_requests_before_restart replaces a worker, and another has to serve meanwhile"
        )
    needed = workers * WORKER_MEMORY_MIB
    if draft.get("litellm.memory_mib") is None and workers > 1:
        litellm["memory_mib"] = needed
        draft.notes.append(f"litellm.memory_mib is {needed}: {WORKER_MEMORY_MIB} for each worker, as LiteLLM asks for")


def _number(draft: Draft, setting: str, default: int) -> int:
    value = draft.get(setting)
    return int(value) if str(value).isdigit() else default
