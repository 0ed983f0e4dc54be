"""The end of a worker that has a request on its way."""

import asyncio

import pytest
import uvicorn

from components.litellm.worker.hooks import worker_end

GET = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n"


@pytest.fixture(autouse=True)
def own_shutdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "shutdown", uvicorn.Server.shutdown)


async def answer(_: object, __: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


async def late_request() -> bytes:
    """Connect, stop the server, then send a request; return the answer."""
    server = uvicorn.Server(uvicorn.Config(answer, port=0, lifespan="off", log_level="critical"))
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(0.05)
    server.should_exit = True
    await asyncio.sleep(worker_end.SECONDS / 2)
    writer.write(GET)
    received = await reader.read()
    writer.close()
    await serving
    return received


def test_uvicorn_drops_a_request_on_its_way() -> None:
    assert asyncio.run(late_request()) == b""


def test_worker_answers_a_request_on_its_way() -> None:
    worker_end.start()
    assert asyncio.run(late_request()).startswith(b"HTTP/1.1 204")
