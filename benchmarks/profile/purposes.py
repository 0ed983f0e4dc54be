"""What the calls in a sample are for."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.profile.stacks import Frame, Stack

OTHER = "other"


@dataclass(frozen=True)
class Purpose:
    """A purpose and the files that serve it alone."""

    name: str
    files: re.Pattern[str]
    functions: re.Pattern[str] = re.compile(".*")

    def has(self, frame: Frame) -> bool:
        """Return whether the call serves the purpose."""
        return bool(self.files.match(frame.file) and self.functions.match(frame.function))


def _purpose(name: str, files: str, functions: str = "") -> Purpose:
    return Purpose(name, re.compile(files), re.compile(functions))


PURPOSES = (
    _purpose("garbage collection", r"garbage_collection\.py"),
    _purpose("log lines", r"logging/|litellm/_logging\.py"),
    _purpose("Prometheus", r"prometheus_client/|litellm/integrations/prometheus|litellm/proxy/prometheus"),
    _purpose("Postgres: Prisma's client", r"prisma/"),
    _purpose("Redis", r"redis/|litellm/caching/redis|litellm/_redis"),
    _purpose("prices and models' data", r"litellm/(utils|main)\.py",
             r".*(model_info|register_model|_registration|custom_pricing)"),
    _purpose("prices and models' data", r"litellm/(cost_calculator\.py|litellm_core_utils/llm_cost_calc)"),
    _purpose("the call of the provider", r"aiohttp/|litellm/llms/custom_httpx"),
    _purpose("the provider's form of requests and answers", r"litellm/llms/"),
    _purpose("keys, teams and budgets", r"litellm/proxy/auth/"),
    _purpose("limits and other hooks", r"litellm/proxy/hooks/"),
    _purpose("spend", r"litellm/proxy/(db/|spend|utils\.py)", r".*(spend|update_daily|_commit|queue)"),
    _purpose("callbacks after an answer", r"litellm/litellm_core_utils/(litellm_logging|logging_)"),
    _purpose("streams", r"litellm/(litellm_core_utils/(streaming_|core_helpers)|proxy/(proxy_server|common_request))",
             r".*(stream|chunk|sse|__anext__|generator)"),
    _purpose("the library's completion call", r"litellm/(main|utils|chat_completions/|rust_bridge/)"),
    _purpose("router", r"litellm/router"),
)  # fmt: skip
"""The innermost call of them decides."""
GENERAL = (
    _purpose("the call of the provider", r"httpx/|httpcore/|anyio/"),
    _purpose("this project's own programs", r"body_memory\.py|worker_\w+\.py|redis_log\.py|pgbouncer\.py"),
    _purpose("LiteLLM's middleware", r"litellm/proxy/(middleware/|lens/|telemetry/|_lazy_features)|.*_middleware\.py"),
    _purpose("the rest of LiteLLM", r"litellm/"),
    _purpose("HTTP server and routes", r"uvicorn/|starlette/|fastapi/|h11/|httptools/|gunicorn/|uvicorn_worker"),
    _purpose("the event loop", r"asyncio/|selectors\.py|uvloop/"),
)
"""For stacks without any of PURPOSES: what carries the others."""


def purpose(frames: Sequence[Frame]) -> str:
    """Return the purpose of a sample."""
    for purposes in (PURPOSES, GENERAL):
        for frame in reversed(frames):
            if name := next((each.name for each in purposes if each.has(frame)), None):
                return name
    return OTHER


def shares(sampled: Iterable[Stack]) -> dict[str, float]:
    """Return the share of each purpose in all samples, the largest first."""
    found: Counter[str] = Counter()
    for stack in sampled:
        found[purpose(stack.frames)] += stack.samples
    total = found.total()
    return {name: samples / total for name, samples in found.most_common()}


def inclusive(sampled: Iterable[Stack], prefix: str, count: int) -> dict[str, float]:
    """Return the functions of some files in which most samples were, with all that they call: function → share."""
    found: Counter[str] = Counter()
    total = 0
    for stack in sampled:
        total += stack.samples
        for frame in {frame for frame in stack.frames if frame.file.startswith(prefix)}:
            found[f"{frame.function} ({frame.file})"] += stack.samples
    return {name: samples / total for name, samples in found.most_common(count)}
