"""Speaks Langfuse's ingestion API: prints each event as a line of JSON. Needs nothing but Python."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 3000


class Ingestion(BaseHTTPRequestHandler):
    """Takes batches of events, if the keys are the test's."""

    def do_POST(self) -> None:
        """Print a batch and accept all of it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        batch = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)["batch"]
        for event in batch:
            authorized = self.headers["Authorization"].startswith("Basic ")
            print(json.dumps({"type": event["type"], "body": event["body"], "authorized": authorized}), flush=True)
        successes = [{"id": event["id"], "status": 201} for event in batch]
        self._answer(207, {"successes": successes, "errors": []})

    def do_GET(self) -> None:
        """Answer the client's question who it is."""
        self._answer(200, {"data": [{"id": "project", "name": "test"}]})

    def _answer(self, status: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Print events alone."""


ThreadingHTTPServer(("0.0.0.0", PORT), Ingestion).serve_forever()  # noqa: S104
