"""A replica that answers each request with what reached it: method, path, headers, size of the body."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

PORT, AGENT_PORT = 4000, 4002


class Echo(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1, as the replicas do."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Describe the request."""
        size = len(self.rfile.read(int(self.headers.get("content-length", 0))))
        seen = {"method": self.command, "path": self.path, "headers": dict(self.headers), "size": size}
        body = json.dumps({"echo": seen}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Write no log."""


class Agent(StreamRequestHandler):
    """Answers the edge's agent check as a replica does."""

    def handle(self) -> None:
        """Ask for requests."""
        self.wfile.write(b"ready\n")


threading.Thread(target=ThreadingTCPServer(("", AGENT_PORT), Agent).serve_forever, daemon=True).start()
ThreadingHTTPServer(("", PORT), Echo).serve_forever()
