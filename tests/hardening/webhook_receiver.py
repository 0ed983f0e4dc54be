"""Prints the body of each message that it gets, one on a line."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver(BaseHTTPRequestHandler):
    """Accepts what an incoming webhook of Slack accepts."""

    def do_POST(self) -> None:
        """Print the message."""
        print(self.rfile.read(int(self.headers["content-length"])).decode(), flush=True)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Write no log."""


# One message after the other: two printed at once could share a line.
server = HTTPServer(("", 8099), Receiver)
print("listening", flush=True)
server.serve_forever()
