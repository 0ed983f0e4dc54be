"""What the calls in a sample are for."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.profile.stacks import Frame, Stack
from components.litellm.worker import hooks

OTHER = "other"


@dataclass(frozen=True)
class Purpose:
    """A purpose, and which calls serve it."""

    name: str
    files: str
    """Regular expression of the beginning of their files."""
    functions: str = ""
    """The same of their names."""

    def has(self, frame: Frame) -> bool:
        """Return whether the call serves the purpose."""
        return bool(re.match(self.files, frame.file) and re.match(self.functions, frame.function))


PURPOSES = (
    Purpose("garbage collection", r"garbage_collection\.py"),
    Purpose("log lines", r"logging/|litellm/_logging\.py"),
    Purpose("Prometheus", r"prometheus_client/|litellm/integrations/prometheus|litellm/proxy/prometheus"),
    Purpose("Postgres: Prisma's client", r"prisma/"),
    Purpose("Redis", r"redis/|litellm/caching/redis|litellm/_redis"),
    Purpose("prices and models' data", r"litellm/(utils|main)\.py",
            r".*(model_info|register_model|_registration|custom_pricing)"),
    Purpose("prices and models' data", r"litellm/(cost_calculator\.py|litellm_core_utils/llm_cost_calc)"),
    Purpose("the call of the provider", r"aiohttp/|litellm/llms/custom_httpx"),
    Purpose("the provider's form of requests and answers", r"litellm/llms/"),
    Purpose("keys, teams and budgets", r"litellm/proxy/auth/"),
    Purpose("limits and other hooks", r"litellm/proxy/hooks/"),
    Purpose("spend", r"litellm/proxy/(db/|spend|utils\.py)", r".*(spend|update_daily|_commit|queue)"),
    Purpose("callbacks after an answer", r"litellm/litellm_core_utils/(litellm_logging|logging_)"),
    Purpose("streams", r"litellm/(litellm_core_utils/(streaming_|core_helpers)|proxy/(proxy_server|common_request))",
            r".*(stream|chunk|sse|__anext__|generator)"),
    Purpose("the library's completion call", r"litellm/(main|utils|chat_completions/|rust_bridge/)"),
    Purpose("router", r"litellm/router"),
)  # fmt: skip
"""The innermost call of them decides."""
MIDDLEWARE = Purpose(
    "LiteLLM's middleware", r"litellm/proxy/(middleware/|lens/|telemetry/|_lazy_features)|.*_middleware\.py"
)
OWN_PROGRAMS = "|".join(re.escape(file.name) for file in sorted(Path(hooks.__file__).parent.glob("[a-z]*.py")))
"""Files of the hooks of a worker."""
GENERAL = (
    Purpose("the call of the provider", r"httpx/|httpcore/|anyio/"),
    Purpose("this project's own programs", OWN_PROGRAMS),
    MIDDLEWARE,
    Purpose("the rest of LiteLLM", r"litellm/"),
    Purpose("HTTP server and routes", r"uvicorn/|starlette/|fastapi/|h11/|httptools/|gunicorn/|uvicorn_worker"),
    Purpose("the event loop", r"asyncio/|selectors\.py|uvloop/"),
)
"""For stacks without any of PURPOSES: what carries the others."""
AROUND = (MIDDLEWARE, Purpose("the start of a worker", r"litellm/proxy/proxy_cli\.py"))
"""Calls that nearly every sample has."""


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
    """Return the functions of some files in which most samples were, with all that they call: function → share.

    Those around every request are left out.
    """
    found: Counter[str] = Counter()
    total = 0
    for stack in sampled:
        total += stack.samples
        for frame in {frame for frame in stack.frames if frame.file.startswith(prefix)}:
            if any(each.has(frame) for each in AROUND):
                continue
            found[f"{frame.function} ({frame.file})"] += stack.samples
    return {name: samples / total for name, samples in found.most_common(count)}
