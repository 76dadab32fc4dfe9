"""The one address of all models in a cluster: the router's own script, run by Node in front of a server made here."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "terraform" / "modules" / "seldon" / "serving-chart" / "files" / "router.js"


class Models(BaseHTTPRequestHandler):
    """A model server that says what it was asked; `breaks` connections it closes without an answer."""

    protocol_version = "HTTP/1.1"
    breaks = 0
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if type(self).breaks:
            type(self).breaks -= 1
            self.connection.close()
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = json.dumps({"path": self.path, "size": len(body), "host": self.headers["Host"]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def models() -> Iterator[type[Models]]:
    handler = type("Here", (Models,), {"asked": [], "breaks": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.port = server.server_address[1]  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def router(models: type[Models]) -> Iterator[http.client.HTTPConnection]:
    """A connection to the router, in front of `models`."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no Node here to run the router's script.")
    port = free_port()
    address = f"127.0.0.1:{models.port}"  # type: ignore[attr-defined]
    variables = {"PORT": str(port), "MODELS_ADDRESS": address, "MODELS_NAMESPACE": "seldon"}
    with subprocess.Popen([node, str(SCRIPT)], env=variables) as child:
        try:
            yield connected(port)
        finally:
            child.kill()


def connected(port: int) -> http.client.HTTPConnection:
    """Return a connection once the router listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while True:
        try:
            connection.request("GET", "/health")
            assert connection.getresponse().read() == b"ok\n"
            return connection
        except ConnectionRefusedError:
            connection.close()


def asked(router: http.client.HTTPConnection, path: str, body: bytes | None = None) -> tuple[int, str]:
    router.request("GET" if body is None else "POST", path, body)
    reply = router.getresponse()
    return reply.status, reply.read().decode()


def test_a_request_goes_to_the_models_own_service_as_it_is(router: http.client.HTTPConnection) -> None:
    status, text = asked(router, "/v2/models/wine/infer?x=1", b"{}")
    assert status == 200
    found = json.loads(text)
    assert (found["path"], found["size"]) == ("/v2/models/wine/infer?x=1", 2)
    assert found["host"].startswith("wine-default.seldon.svc:")


def test_a_large_request_passes(router: http.client.HTTPConnection) -> None:
    status, text = asked(router, "/v2/models/wine/infer", b"x" * (8 << 20))
    assert (status, json.loads(text)["size"]) == (200, 8 << 20)


@pytest.mark.parametrize("path", ["/", "/v2/repository/index", "/v2/models", "/v2/models/a.b/infer", "/v2/models/../x"])
def test_what_is_no_model_is_refused_in_words(router: http.client.HTTPConnection, path: str) -> None:
    status, text = asked(router, path)
    assert status == 404
    assert "model" in text.lower()


def test_a_connection_that_the_model_closed_costs_no_request(
    router: http.client.HTTPConnection, models: type[Models]
) -> None:
    models.breaks = 2
    assert asked(router, "/v2/models/wine/infer", b"{}")[0] == 200
    assert len(models.asked) == 3


def test_a_model_that_never_answers_is_named(router: http.client.HTTPConnection, models: type[Models]) -> None:
    models.breaks = 99
    status, text = asked(router, "/v2/models/wine/infer", b"{}")
    assert status == 502
    assert "The model wine doesn't answer" in text
