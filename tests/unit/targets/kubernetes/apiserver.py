"""An API server with TLS on loopback that says by whom, as whom and by which way it was asked, and proxies to it."""

from __future__ import annotations

import base64
import contextlib
import json
import select
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKENS = {"CANARY-token": "token", "CANARY-plugin": "plugin", "CANARY-file": "file"}
PASSWORD = "CANARY-password"
PROXY_PASSWORD = "CANARY/proxy@word"
NAME = "api.behind.test"
"""The server's name, which nobody but the proxies can look up."""
_SERVER = "extendedKeyUsage=serverAuth\nsubjectAltName="
_CLIENT = "extendedKeyUsage=clientAuth\n"


@dataclass
class Pki:
    """An authority and what it has signed, as PEM files in a folder."""

    folder: Path

    def pem(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="ascii")

    def data(self, name: str) -> str:
        """Return a file as a kubeconfig holds it."""
        return base64.b64encode((self.folder / name).read_bytes()).decode()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def authority(self, name: str) -> None:
        new = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"]
        uses = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        self._openssl("req", *new, *uses, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")

    def leaf(self, name: str, extensions: str, *, days: int = 3650) -> None:
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._openssl("req", *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self.folder / f"{name}.ext").write_text(extensions, encoding="ascii")
        signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", str(days)]
        self._openssl("x509", "-req", "-in", f"{name}.csr", *signed, "-extfile", f"{name}.ext", "-out", f"{name}.crt")


def make_pki(folder: Path) -> Pki:
    """Make every certificate that the tests need."""
    if shutil.which("openssl") is None:
        raise RuntimeError("these tests need the program openssl")
    pki = Pki(folder)
    pki.authority("ca")
    pki.authority("other")
    pki.leaf("server", f"{_SERVER}DNS:{NAME},DNS:localhost,IP:127.0.0.1\n")
    pki.leaf("named", f"{_SERVER}DNS:{NAME}\n")
    pki.leaf("expired-server", f"{_SERVER}IP:127.0.0.1\n", days=-1)
    pki.leaf("admin", _CLIENT)
    pki.leaf("expired", _CLIENT, days=-1)
    pki._openssl("ec", "-in", "admin.key", "-aes256", "-passout", "pass:x", "-out", "encrypted.key")
    return pki


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ApiServer

    def setup(self) -> None:
        self.request.settimeout(10)
        self.request.do_handshake()
        super().setup()

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path))
        who = self._who()
        if self.command == "POST" and self.server.drops_posts:
            self.close_connection = True
            return
        seen = {
            "who": who,
            "as": self.headers.get_all("Impersonate-User"),
            "uid": self.headers.get_all("Impersonate-Uid"),
            "groups": self.headers.get_all("Impersonate-Group"),
            "extra": [f"{k}={v}" for k, v in self.headers.items() if k.lower().startswith("impersonate-extra-")],
            "path": self.path,
        }
        status: dict[str, Any] = {"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"}
        body = json.dumps(status if who is None else seen).encode()
        self.send_response(401 if who is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_DELETE = do_GET

    def _who(self) -> str | None:
        kind, _, value = (self.headers.get("Authorization") or "").partition(" ")
        if kind == "Bearer":
            return self.server.tokens.get(value)
        if kind == "Basic":
            return "password" if base64.b64decode(value) == f"admin:{PASSWORD}".encode() else None
        shown = self.request.getpeercert() or {}
        names = [value for part in shown.get("subject", ()) for key, value in part if key == "commonName"]
        return f"certificate {names[0]}" if names else None

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


class ApiServer(ThreadingHTTPServer):
    """The server; keeps what was asked."""

    daemon_threads = True

    def __init__(self, pki: Pki, certificate: str) -> None:
        self.tokens = dict(TOKENS)
        self.asked: list[tuple[str, str]] = []
        self.drops_posts = False
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(pki.folder / f"{certificate}.crt", pki.folder / f"{certificate}.key")
        self._tls.load_verify_locations(pki.folder / "ca.crt")
        self._tls.verify_mode = ssl.CERT_OPTIONAL
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[ssl.SSLSocket, Any]:
        made, address = super().get_request()
        return self._tls.wrap_socket(made, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: object, address: object) -> None:
        """Stay silent: some clients are to fail."""


@dataclass
class Proxy:
    """An HTTP proxy (with TLS when `tls` is given) or a SOCKS5 one; keeps the targets it was asked for."""

    listener: socket.socket
    tls: ssl.SSLContext | None = None
    targets: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self, handle: Callable[[Proxy, socket.socket], None]) -> None:
        while True:
            try:
                made, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(handle, made), daemon=True).start()

    def _one(self, handle: Callable[[Proxy, socket.socket], None], made: socket.socket) -> None:
        with contextlib.suppress(OSError), made:
            made.settimeout(10)
            handle(self, self.tls.wrap_socket(made, server_side=True) if self.tls else made)

    def reach(self, host: str, port: int) -> socket.socket:
        self.targets.append(f"{host}:{port}")
        return socket.create_connection(("127.0.0.1" if host == NAME else host, port), 5)


def speak_http(proxy: Proxy, client: socket.socket) -> None:
    """Open a tunnel for whoever logs in."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += _exactly(client, 1)
    lines = head.decode().split("\r\n")
    wanted = base64.b64encode(f"puser:{PROXY_PASSWORD}".encode()).decode()
    if f"Proxy-Authorization: Basic {wanted}" not in lines:
        client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return
    host, _, port = lines[0].split()[1].rpartition(":")
    with proxy.reach(host, int(port)) as server:
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        _relay(client, server)


def speak_socks(proxy: Proxy, client: socket.socket) -> None:
    """Open a tunnel by RFC 1928, with the login of RFC 1929."""
    methods = _exactly(client, _exactly(client, 2)[1])
    if 2 not in methods:
        client.sendall(b"\x05\xff")
        return
    client.sendall(b"\x05\x02")
    user = _exactly(client, _exactly(client, 2)[1])
    password = _exactly(client, _exactly(client, 1)[0])
    if (user, password) != (b"puser", PROXY_PASSWORD.encode()):
        client.sendall(b"\x01\x01")
        return
    client.sendall(b"\x01\x00")
    kind = _exactly(client, 4)[3]
    host = socket.inet_ntoa(_exactly(client, 4)) if kind == 1 else _exactly(client, _exactly(client, 1)[0]).decode()
    with proxy.reach(host, int.from_bytes(_exactly(client, 2), "big")) as server:
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        _relay(client, server)


def _exactly(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = client.recv(count - len(data))
        if not part:
            raise OSError
        data += part
    return data


def _relay(client: socket.socket, server: socket.socket) -> None:
    while True:
        pending = isinstance(client, ssl.SSLSocket) and client.pending()
        for source in [client] if pending else select.select([client, server], [], [], 10)[0]:
            data = source.recv(65536)
            if not data:
                return
            (server if source is client else client).sendall(data)


@contextlib.contextmanager
def served(pki: Pki, certificate: str) -> Iterator[ApiServer]:
    """Run a server that shows this certificate."""
    with ApiServer(pki, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def proxied(handle: Callable[[Proxy, socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """Run a proxy."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(listener, tls)
        thread = threading.Thread(target=proxy.serve, args=(handle,))
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
