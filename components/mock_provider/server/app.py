"""The mock provider's HTTP server.

It stands in for paid model APIs, so that a gateway runs, is tested and is measured without keys or costs.
Started as `python3 -m uvicorn mock_provider.app:app --host 0.0.0.0 --port 8090 --no-access-log`; one worker, as
settings and counts live in the process. `--timeout-graceful-shutdown 2` lets it stop while requests hang.
"""

import os
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import cohere, gemini, ollama, openai, voyage
from .control import Control
from .handler import Endpoint, Provider, json_response

CALLS = openai.CALLS | cohere.CALLS | voyage.CALLS | ollama.CALLS | gemini.CALLS


def create_app(control: Control) -> Starlette:
    """A server with its own settings and counts."""
    provider = Provider(control)
    routes = [Route(path, provider.serves(call), methods=["POST"]) for path, call in CALLS.items()]
    routes += [
        Route("/ollama/api/tags", _lookup(provider, ollama.TAGS), methods=["GET"]),
        Route("/ollama/api/show", _lookup(provider, ollama.SHOW), methods=["POST"]),
        Route("/health", _show(lambda: {"status": "ok"}), methods=["GET"]),
        Route("/control", _show(lambda: provider.remaining().model_dump(mode="json")), methods=["GET"]),
        Route("/control", _set_control(provider), methods=["PUT"]),
        Route("/counts", _show(provider.counts.to_dict), methods=["GET"]),
        Route("/counts", _reset_counts(provider), methods=["DELETE"]),
    ]
    return Starlette(routes=routes)


def _show(shown: Callable[[], Any]) -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        return json_response(shown())

    return endpoint


def _lookup(provider: Provider, body: Any) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        provider.counts.lookups[request.url.path] += 1
        return json_response(body)

    return endpoint


def _set_control(provider: Provider) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            provider.apply(Control.model_validate_json(await request.body()))
        except ValidationError as error:
            return json_response({"error": error.errors(include_url=False, include_context=False)}, 422)
        return json_response(provider.remaining().model_dump(mode="json"))

    return endpoint


def _reset_counts(provider: Provider) -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        provider.counts.reset()
        return Response(status_code=204)

    return endpoint


app = create_app(Control.from_environment(os.environ))
