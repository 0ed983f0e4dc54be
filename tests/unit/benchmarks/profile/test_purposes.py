"""A sample counts for the innermost call that has a purpose of its own."""

import pytest

from benchmarks.profile.purposes import OTHER, inclusive, purpose, shares
from benchmarks.profile.stacks import Frame, Stack

SERVER = Frame("run_asgi", "uvicorn/protocols/http/h11_impl.py")
ROUTER = Frame("Router.acompletion", "litellm/router.py")
PRISMA = Frame("AsyncBasePrisma._execute", "prisma/_base_client.py")
HTTPX = Frame("AsyncClient.send", "httpx/_client.py")
LOG = Frame("Logger.info", "logging/__init__.py")


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ((SERVER,), "HTTP server and routes"),
        ((SERVER, ROUTER), "router"),
        ((SERVER, ROUTER, SERVER), "router"),
        ((SERVER, ROUTER, LOG), "log lines"),
        ((SERVER, PRISMA, HTTPX), "Postgres: Prisma's client"),
        ((SERVER, HTTPX), "the call of the provider"),
        ((SERVER, Frame("compute_once", "saved_spend.py")), "this project's own programs"),
        ((Frame("x", "somewhere.py"),), OTHER),
        ((), OTHER),
    ],
)
def test_purpose_is_the_innermost_specific_one(frames: tuple[Frame, ...], expected: str) -> None:
    assert purpose(frames) == expected


def test_shares_add_up_and_begin_with_the_largest() -> None:
    found = shares([Stack((SERVER,), 1), Stack((SERVER, ROUTER), 2), Stack((ROUTER,), 1)])
    assert found == {"router": 0.75, "HTTP server and routes": 0.25}
    assert list(found) == ["router", "HTTP server and routes"]


def test_function_counts_once_a_sample_with_all_that_it_calls() -> None:
    sampled = [Stack((SERVER, ROUTER, ROUTER, LOG), 3), Stack((SERVER,), 1)]
    assert inclusive(sampled, "litellm/", 5) == {"Router.acompletion (litellm/router.py)": 0.75}


def test_functions_around_every_request_are_left_out() -> None:
    middleware = Frame("Middleware.__call__", "litellm/proxy/middleware/in_flight.py")
    assert inclusive([Stack((SERVER, middleware, ROUTER), 1)], "litellm/", 5) == {
        "Router.acompletion (litellm/router.py)": 1
    }
