"""Prints the body of each message it gets, one a line."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver(BaseHTTPRequestHandler):
    """Takes what an incoming webhook of Slack takes."""

    def do_POST(self) -> None:
        """Print the message and thank for it."""
        print(self.rfile.read(int(self.headers["content-length"])).decode(), flush=True)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing of the request itself."""


# One message after the other: two that are printed at once share a line.
server = HTTPServer(("", 8099), Receiver)
print("listening", flush=True)
server.serve_forever()
