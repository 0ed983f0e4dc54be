"""A server that answers as a cluster's API does, and a kubeconfig for it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import yaml

from components.engine.kubernetes.settings import KubernetesSettings

TOKEN = "hidden-token"
Answers = Mapping[str, Any]
"""Path → what stands there: JSON, a text, or a status. Anything else is not found."""


@contextmanager
def serving(
    folder: Path, answers: Answers, asked: list[tuple[str, str, Any]] | None = None
) -> Iterator[KubernetesSettings]:
    """Serve the answers; what was asked is kept as path, query and body."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            if asked is not None:
                asked.append((url.path, url.query, body))
            answer = answers.get(url.path, 404)
            answer = answer(body) if callable(answer) else answer
            status = answer if isinstance(answer, int) else 200
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status = 401
            text = (
                answer
                if isinstance(answer, str)
                else json.dumps({"message": f"no {url.path}"} if status >= 400 else answer)
            )
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_DELETE = do_PATCH = do_GET  # noqa: N815 - the names are http.server's

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield KubernetesSettings(
            context="test", kubeconfig=str(kubeconfig(folder, f"http://127.0.0.1:{server.server_port}"))
        )
    finally:
        server.shutdown()
        server.server_close()


def kubeconfig(folder: Path, server: str) -> Path:
    """Write a kubeconfig whose current context is another one."""
    file = folder / "kubeconfig"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "other",
        "clusters": [
            {"name": "here", "cluster": {"server": server}},
            {"name": "there", "cluster": {"server": "http://[::1]:1"}},
        ],
        "users": [{"name": "ada", "user": {"token": TOKEN}}],
        "contexts": [
            {"name": "test", "context": {"cluster": "here", "user": "ada"}},
            {"name": "other", "context": {"cluster": "there", "user": "ada"}},
        ],
    }
    file.write_text(yaml.safe_dump(document))
    return file
