"""A forward proxy. It prints the target of each tunnel, and passes bytes both ways."""

import asyncio
import contextlib

PORT = 3128


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy bytes until one side closes."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one CONNECT; anything else gets 405."""
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.decode().split(" ", 2)
    print(method, target, flush=True)
    if method != "CONNECT":
        writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        return
    host, port = target.rsplit(":", 1)
    away, back = await asyncio.open_connection(host, int(port))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await asyncio.gather(pass_on(reader, back), pass_on(away, writer))


async def serve() -> None:
    """Listen on all addresses."""
    server = await asyncio.start_server(tunnel, "0.0.0.0", PORT)  # noqa: S104
    print("listening", flush=True)
    await server.serve_forever()


asyncio.run(serve())
