"""A replica whose event streams and WebSockets are silent for a while between two words."""

import base64
import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

PORT, AGENT_PORT, SILENT_SECONDS = 4000, 4002, 50
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455, 1.3."""


class Silent(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a check at once, anything else in two words."""
        upgraded = self.headers.get("upgrade") == "websocket"
        if self.path.startswith("/health/"):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(101 if upgraded else 200)
        if upgraded:
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            accepted = hashlib.sha1((self.headers["sec-websocket-key"] + MAGIC).encode()).digest()  # noqa: S324
            self.send_header("Sec-WebSocket-Accept", base64.b64encode(accepted).decode())
        else:
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        time.sleep(SILENT_SECONDS)
        self.wfile.write(b"data: second\n\n")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Write no log."""


class Agent(StreamRequestHandler):
    """Answers the edge's agent check as a replica does."""

    def handle(self) -> None:
        """Ask for requests."""
        self.rfile.readline()
        self.wfile.write(b"ready\n")


threading.Thread(target=ThreadingTCPServer(("", AGENT_PORT), Agent).serve_forever, daemon=True).start()
ThreadingHTTPServer(("", PORT), Silent).serve_forever()
