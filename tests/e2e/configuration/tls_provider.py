"""A provider behind TLS with a certificate of an own authority. It answers each chat request with `pong`."""

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8443


class Provider(BaseHTTPRequestHandler):
    """Answers as OpenAI does."""

    def do_POST(self) -> None:
        """Answer a chat request."""
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "pong"}}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [message],
            "usage": usage,
        }
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server = ThreadingHTTPServer(("0.0.0.0", PORT), Provider)  # noqa: S104
server.socket = context.wrap_socket(server.socket, server_side=True)
print("listening", flush=True)
server.serve_forever()
