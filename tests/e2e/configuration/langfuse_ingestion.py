"""Speaks Langfuse's API for traces: prints what it is sent as a line of JSON. Needs nothing but Python."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 3000


class Ingestion(BaseHTTPRequestHandler):
    """Takes traces in OpenTelemetry's form, as Langfuse's client sends them."""

    def do_POST(self) -> None:
        """Print a batch and accept it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        authorized = self.headers.get("Authorization", "").startswith("Basic ")
        text = body.decode(errors="replace")
        print(json.dumps({"path": self.path, "body": text, "authorized": authorized}), flush=True)
        self._answer(b"", "application/x-protobuf")

    def do_GET(self) -> None:
        """Answer the client's question which project it writes to."""
        self._answer(b'{"data": [{"id": "project", "name": "test"}]}', "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print traces alone."""


ThreadingHTTPServer(("0.0.0.0", PORT), Ingestion).serve_forever()  # noqa: S104
