"""A small client of the Kubernetes API: plain requests over the standard library, one connection a thread."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from mlops_install.targets.kubernetes.credentials import Credentials, credentials, tls
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.kubeconfig import Access

TIMEOUT = 10.0
"""Seconds until a silent server counts as unreachable."""

Query = Mapping[str, str | int]


class Cluster:
    """One cluster's API server, reached through one context of a kubeconfig; may be used from several threads."""

    def __init__(self, access: Access, variables: Mapping[str, str], *, timeout: float = TIMEOUT) -> None:
        """Make a client; nothing is asked yet. `variables` is the environment that a credentials plugin gets."""
        self.access = access
        self._variables = dict(variables)
        self._timeout = timeout
        self._threads = threading.local()
        self._lock = threading.Lock()
        self._credentials: Credentials | None = None
        self._tls: ssl.SSLContext | None = None

    def get(self, path: str, query: Query | None = None, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the JSON object at `path` (`/api/v1/nodes`); raises ClusterError."""
        return self._json("GET", path, query, headers=headers)

    def post(self, path: str, body: Mapping[str, Any], query: Query | None = None) -> dict[str, Any]:
        """Send `body` as JSON and return the reply's object; raises ClusterError."""
        return self._json("POST", path, query, body)

    def delete(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """Delete the object at `path` and return the reply; raises ClusterError."""
        return self._json("DELETE", path, query)

    def find(self, path: str) -> dict[str, Any] | None:
        """Return the JSON object at `path`; None where there is none. Raises ClusterError."""
        try:
            return self.get(path)
        except ClusterError as error:
            if error.status != 404:
                raise
            return None

    def discard(self, path: str, query: Query | None = None) -> None:
        """Delete the object at `path`; that it is gone already is no error. Raises ClusterError."""
        try:
            self.delete(path, query)
        except ClusterError as error:
            if error.status != 404:
                raise

    def text(self, path: str, query: Query | None = None) -> str:
        """Return the text at `path` (`…/log`, a service's page through the proxy); raises ClusterError."""
        return self.request("GET", path, query)[1].decode(errors="replace")

    def items(
        self, path: str, query: Query | None = None, *, headers: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Return every object of a list, page by page; raises ClusterError."""
        found: list[dict[str, Any]] = []
        pages = dict(query or {}) | {"limit": 500}
        while True:
            page = self.get(path, pages, headers=headers)
            found += page.get("items") or []
            more = (page.get("metadata") or {}).get("continue")
            if not more:
                return found
            pages["continue"] = more

    def request(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Send one request and return status and body; raises ClusterError for a status of 400 and more.

        Credentials that a plugin or a file gave live for minutes: where they are refused, new ones are tried once.
        """
        try:
            return self._request(method, path, query, body, headers)
        except ClusterError as error:
            if (error.status, error.reason) != (401, "Unauthorized"):
                raise
        self.renew()
        return self._request(method, path, query, body, headers)

    def _request(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> tuple[int, bytes]:
        # A kept connection may have been closed by the server meanwhile: such a request is sent once more.
        for kept in (True, False):
            connection = getattr(self._threads, "connection", None) if kept else None
            fresh = connection is None
            connection = connection or self._connect(self._timeout)
            try:
                reply = self._send(connection, method, path, query, body, headers)
                content = reply.read()
            except (http.client.HTTPException, OSError) as error:
                self._drop(connection)
                if not fresh and not isinstance(error, TimeoutError):
                    continue
                raise self.failure(error) from error
            self._threads.connection = connection
            if reply.status >= 400:
                raise refusal(reply.status, content, method, path, self.access)
            return reply.status, content
        raise AssertionError("unreachable: a fresh connection returns or raises")

    def lines(self, path: str, query: Query | None = None, *, silence: float | None = None) -> Iterator[bytes]:
        """Yield the lines of an endless reply (a watch, a followed log) as they come, over a connection of its own.

        `silence` is after how many seconds without a line ClusterError with reason `timeout` is raised; None waits.
        Closing the generator closes the connection.
        """
        connection = self._connect(self._timeout)
        try:
            reply = self._send(connection, "GET", path, query, None, None)
            if reply.status >= 400:
                raise refusal(reply.status, reply.read(), "GET", path, self.access)
            if connection.sock:
                connection.sock.settimeout(silence)
            while line := reply.readline():
                yield line
        except (http.client.HTTPException, OSError) as error:
            raise self.failure(error) from error
        finally:
            connection.close()

    def raw(self, path: str) -> tuple[socket.socket, str, dict[str, str]]:
        """Return a connected socket for a protocol of its own, TLS included, and the address and headers to send.

        Raises ClusterError when the server can't be reached.
        """
        connection = self._connect(self._timeout)
        try:
            connection.connect()
        except (http.client.HTTPException, OSError) as error:
            connection.close()
            raise self.failure(error) from error
        server = urlsplit(self.access.server)
        header = self._credentials.header if self._credentials else None
        made: socket.socket = connection.sock
        return made, f"{server.netloc}{server.path}{path}", {"Authorization": header} if header else {}

    def renew(self) -> None:
        """Forget the credentials, so that the next connection asks for new ones."""
        self.close()
        with self._lock:
            self._credentials = self._tls = None

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._threads, "connection", None)
        if connection:
            self._drop(connection)

    def _json(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        sent = {"Accept": "application/json", "Content-Type": "application/json"} | dict(headers or {})
        content = self.request(method, path, query, json.dumps(body).encode() if body is not None else None, sent)[1]
        try:
            document = json.loads(content)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise ClusterError(0, "NotJSON", f"{self.access.server} answers {path} with something else than JSON.")
        return document

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        query: Query | None,
        body: bytes | None,
        headers: Mapping[str, str] | None,
    ) -> http.client.HTTPResponse:
        prefix = urlsplit(self.access.server).path
        address = f"{prefix}{path}" + (f"?{urlencode(query)}" if query else "")
        header = self._credentials.header if self._credentials else None
        sent = dict(headers or {}) | ({"Authorization": header} if header else {})
        connection.request(method, address, body=body, headers=sent)
        return connection.getresponse()

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        address = urlsplit(self.access.server)
        host = address.hostname or ""
        with self._lock:
            if self._credentials is None:
                self._credentials = credentials(self.access, self._variables)
            if address.scheme == "http":
                return http.client.HTTPConnection(host, address.port, timeout=timeout)
            if self._tls is None:
                self._tls = tls(self.access, self._credentials)
            proxy = proxy_of(self.access, self._variables)
            if not proxy:
                return _TLSConnection(host, address.port, self._tls, self.access.server_name or host, timeout)
            through = urlsplit(proxy)
            if through.scheme != "http" or not through.hostname:
                raise ClusterError(0, "proxy", f"the cluster is behind the proxy {proxy}; only http:// ones are known.")
            name = self.access.server_name or host
            connection = _TLSConnection(through.hostname, through.port, self._tls, name, timeout)
            connection.set_tunnel(host, address.port or 443)
            return connection

    def _drop(self, connection: http.client.HTTPConnection) -> None:
        connection.close()
        if getattr(self._threads, "connection", None) is connection:
            self._threads.connection = None

    def failure(self, error: Exception) -> ClusterError:
        """Return what keeps the server from being asked, in plain words."""
        where = f"the API server of the context {self.access.context} at {self.access.server}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return ClusterError(
                0,
                "certificate",
                f"{where} shows a certificate that {self.access.kubeconfig} doesn't trust: {error.verify_message}.",
                hint="Get the kubeconfig anew from whoever runs the cluster.",
            )
        if isinstance(error, TimeoutError):
            return ClusterError(
                0, "timeout", f"{where} doesn't answer.", hint="Is the cluster running, and a VPN to it needed?"
            )
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
        if isinstance(error, socket.gaierror):
            why = "its name isn't known here"
        return ClusterError(
            0,
            "unreachable",
            f"{where} can't be reached: {why}.",
            hint="Is the cluster running, and a VPN to it needed?",
        )


class _TLSConnection(http.client.HTTPSConnection):
    """A connection whose certificate may be for another name than the host's (`tls-server-name`)."""

    def __init__(self, host: str, port: int | None, context: ssl.SSLContext, name: str, timeout: float) -> None:
        super().__init__(host, port, context=context, timeout=timeout)
        self._tls_context = context
        self._name = name

    def connect(self) -> None:
        """Connect and shake hands."""
        http.client.HTTPConnection.connect(self)
        self.sock = self._tls_context.wrap_socket(self.sock, server_hostname=self._name)


def proxy_of(access: Access, variables: Mapping[str, str]) -> str:
    """Return the URL of the proxy to an HTTPS server as kubectl picks it; empty for none.

    The kubeconfig's own wins; that of HTTPS_PROXY isn't used for this machine itself, nor for what NO_PROXY names.
    """
    if access.proxy:
        return access.proxy
    host = urlsplit(access.server).hostname or ""
    proxy = variables.get("HTTPS_PROXY") or variables.get("https_proxy") or ""
    spared = variables.get("NO_PROXY") or variables.get("no_proxy") or ""
    if not proxy or host == "localhost" or _spares(spared, host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _spares(names: str, host: str) -> bool:
    """Return whether NO_PROXY's list has the host: by name, domain, address or network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is not None and address.is_loopback:
        return True
    for name in (part.strip() for part in names.split(",")):
        if name == "*" or (name and (host == name.lstrip(".") or host.endswith(f".{name.lstrip('.')}"))):
            return True
        if address is not None and "/" in name:
            try:
                if address in ipaddress.ip_network(name, strict=False):
                    return True
            except ValueError:
                continue
    return False


def refusal(status: int, content: bytes, method: str, path: str, access: Access) -> ClusterError:
    """Return what a reply of 400 and more says; `reason` is that of Kubernetes' Status where it is one."""
    try:
        document = json.loads(content)
    except ValueError:
        document = {}
    document = document if isinstance(document, dict) else {}
    reason = str(document.get("reason") or http.client.responses.get(status, str(status)))
    said = str(
        document.get("message") or content[:300].decode(errors="replace").strip() or f"{method} {path}: {status}"
    )
    # A service behind the API server's proxy may ask for a login of its own: only a Status is the server's word.
    if status == 401 and ("/proxy/" not in path or document.get("kind") == "Status"):
        return ClusterError(
            status,
            "Unauthorized",
            f"the API server doesn't accept the credentials of the context {access.context}.",
            hint="They may have expired: log in to the cluster again.",
        )
    return ClusterError(status, "login" if status == 401 else reason, said)
