"""How the check of JupyterHub enters by a name that leads nowhere, to a certificate that nobody here knows."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mlops_install.checks.jupyterhub import open_door

NAME = "hub.example.com"


class Hub(BaseHTTPRequestHandler):
    """Says by which name it was called."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(self.headers["Host"]).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port at which one serves HTTPS for `NAME`, with a certificate that it signed itself."""
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-days", "1", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]
    subprocess.run([*made, *named, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    with HTTPServer(("127.0.0.1", 0), Hub) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def resolving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names lead again where they led before."""
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)


def said_to(url: str, context: ssl.SSLContext | None) -> str:
    parts = urlsplit(url)
    assert parts.hostname
    with_port = http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=30)
    with_port.request("GET", "/")
    return with_port.getresponse().read().decode()


def test_it_enters_by_the_outside_name_through_the_host_that_serves_it(port: int) -> None:
    door = open_door(f"https://{NAME}:{port}", "127.0.0.1")
    assert said_to(door.url, door.tls) == f"{NAME}:{port}"
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        said_to(door.url, None)


def test_a_certificate_for_another_name_is_refused(port: int) -> None:
    door = open_door(f"https://other.example.com:{port}", "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for 'other\.example\.com'"):
        said_to(door.url, door.tls)


def test_what_speaks_http_is_entered_as_it_is() -> None:
    door = open_door("http://proxy-public.jhub", "")
    assert (door.url, door.tls) == ("http://proxy-public.jhub", None)
