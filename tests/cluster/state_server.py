"""A place for Terraform's state behind its backend `http`: one state, one lock, in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StateServer(ThreadingHTTPServer):
    """Answers as the backend expects (Terraform 1.11, language/backend/http); listens on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = b""
        self.lock = b""
        self.received: list[bytes] = []
        """Every body that was ever sent."""

    @property
    def config(self) -> dict[str, str]:
        """The settings of the backend."""
        address = f"http://127.0.0.1:{self.server_port}/state"
        return {"address": address, "lock_address": address, "unlock_address": address}


@contextmanager
def serve_state() -> Iterator[StateServer]:
    with StateServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: StateServer

    def do_GET(self) -> None:
        self._answer(HTTPStatus.OK if self.server.state else HTTPStatus.NOT_FOUND, self.server.state)

    def do_POST(self) -> None:
        self.server.state = self._body()
        self._answer(HTTPStatus.OK)

    def do_DELETE(self) -> None:
        self.server.state = b""
        self._answer(HTTPStatus.OK)

    def do_LOCK(self) -> None:
        wanted = self._body()
        if self.server.lock:
            self._answer(HTTPStatus.LOCKED, self.server.lock)
            return
        self.server.lock = wanted
        self._answer(HTTPStatus.OK)

    def do_UNLOCK(self) -> None:
        self._body()
        self.server.lock = b""
        self._answer(HTTPStatus.OK)

    def log_message(self, *_args: object) -> None:
        """Say nothing: a test's output is what failed."""

    def _body(self) -> bytes:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.received.append(body)
        return body

    def _answer(self, status: HTTPStatus, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
