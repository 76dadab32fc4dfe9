"""A small client of the Kubernetes API: plain requests over the standard library, one connection a thread."""

from __future__ import annotations

import contextlib
import http.client
import json
import select
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from mlops_install.targets.kubernetes.access.credentials import Credentials, credentials
from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.access.tls import tls_context
from mlops_install.targets.kubernetes.access.transport import (
    ProxyRefusalError,
    connect,
    connect_to_proxy,
    forwarding_proxy,
    login,
)
from mlops_install.targets.kubernetes.errors import ClusterError

TIMEOUT = 10.0
"""Seconds until a silent server counts as unreachable."""

_REPEATABLE = frozenset({"GET", "DELETE"})

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
        return self.listed(path, query, headers=headers)[0]

    def listed(
        self, path: str, query: Query | None = None, *, headers: Mapping[str, str] | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        """Return every object of a list and the list's resourceVersion, from which it can be watched."""
        found: list[dict[str, Any]] = []
        pages = dict(query or {}) | {"limit": 500}
        while True:
            page = self.get(path, pages, headers=headers)
            found += page.get("items") or []
            metadata = page.get("metadata") or {}
            more = metadata.get("continue")
            if not more:
                return found, str(metadata.get("resourceVersion") or "")
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
        connection = self._kept()
        kept = connection is not None
        while True:
            try:
                connection = connection or self._connection()
                reply = self._send(connection, method, path, query, body, headers)
                content = reply.read()
            except (http.client.HTTPException, OSError, ValueError) as error:
                if connection is not None:
                    self._drop(connection)
                # The server may close a kept connection at any time: what does no harm twice is sent once more.
                if kept and method in _REPEATABLE and not isinstance(error, TimeoutError):
                    connection, kept = None, False
                    continue
                raise self.failure(error) from error
            self._threads.connection = connection
            if reply.status >= 400:
                raise refusal(reply.status, content, method, path, self.access)
            return reply.status, content

    def _kept(self) -> http.client.HTTPConnection | None:
        """Return this thread's connection, unless the server has closed it."""
        connection: http.client.HTTPConnection | None = getattr(self._threads, "connection", None)
        if connection is None or connection.sock is None:
            return None
        try:
            # Between two requests there is nothing to read but the connection's end.
            over = bool(select.select([connection.sock], [], [], 0)[0])
        except (OSError, ValueError):
            over = True
        if over:
            self._drop(connection)
            return None
        return connection

    def watch(self, path: str, query: Query | None = None, *, silence: float) -> Iterator[dict[str, Any]]:
        """Yield the events of a watch (`type` and `object`) as they come, over a connection of its own.

        Raises ClusterError, with reason `timeout` after so many seconds without an event; it ends when the server
        ends it, and closing the generator closes the connection.
        """
        connection: http.client.HTTPConnection | None = None
        try:
            connection = self._connection()
            stream = connection.sock
            reply = self._send(connection, "GET", path, {**(query or {}), "watch": "true"}, None, None)
            if reply.status >= 400:
                raise refusal(reply.status, reply.read(), "GET", path, self.access)
            stream.settimeout(silence)
            while line := reply.readline():
                event = json.loads(line)
                yield event
        except json.JSONDecodeError:
            raise ClusterError(
                0, "NotJSON", f"{self.access.server} answers a watch with something else than JSON."
            ) from None
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise self.failure(error) from error
        finally:
            if connection is not None:
                connection.close()

    def raw(self, path: str) -> tuple[socket.socket, str, list[tuple[str, str]]]:
        """Return a connected socket for a protocol of its own, TLS included, and the address and headers to send.

        Raises ClusterError when the server can't be reached.
        """
        context = self._ready()
        try:
            made = connect(self.access, context, self._variables, self._timeout)
        except (OSError, ValueError) as error:
            raise self.failure(error) from error
        server = urlsplit(self.access.server)
        return made, f"{server.netloc}{server.path}{path}", self._identity()

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
        server, proxy = urlsplit(self.access.server), forwarding_proxy(self.access, self._variables)
        address = f"{server.path}{path}" + (f"?{urlencode(query)}" if query else "")
        own = {"Host": server.netloc}
        if proxy is not None:
            address = f"http://{server.netloc}{address}"
            own |= {"Proxy-Authorization": authorization} if (authorization := login(proxy)) else {}
        if body is not None or method == "POST":
            own["Content-Length"] = str(len(body or b""))
        connection.putrequest(method, address, skip_host=True)
        for name, value in [*own.items(), *(headers or {}).items(), *self._identity()]:
            connection.putheader(name, value.encode(errors="surrogateescape"))
        # A server that closes while it is sent something has said why before: an early reply, or an alert of TLS.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
            connection.endheaders(body)
        return connection.getresponse()

    def _identity(self) -> list[tuple[str, str]]:
        """Return the headers that say who asks, and as whom."""
        header = self._credentials.header if self._credentials else None
        return [*([("Authorization", header)] if header else []), *self.access.impersonation]

    def _ready(self) -> ssl.SSLContext | None:
        """Get the credentials if there are none yet, and return the TLS settings; None for plain HTTP."""
        with self._lock:
            if self._credentials is None:
                self._credentials = credentials(self.access, self._variables)
            if self._tls is None and self.access.server.startswith("https://"):
                self._tls = tls_context(self.access, self._credentials)
            return self._tls

    def _connection(self) -> http.client.HTTPConnection:
        """Return a new connection; raises OSError and ValueError when the server or its proxy can't be reached."""
        context = self._ready()
        made = http.client.HTTPConnection(urlsplit(self.access.server).hostname or "", timeout=self._timeout)
        made.auto_open = 0  # its own way there knows neither TLS nor proxies
        proxy = forwarding_proxy(self.access, self._variables)
        if proxy is None:
            made.sock = connect(self.access, context, self._variables, self._timeout)
        else:
            made.sock = connect_to_proxy(proxy, self._timeout)
        return made

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
        if isinstance(error, ProxyRefusalError):
            return ClusterError(
                0,
                "proxy",
                f"{where} can't be reached: {error}.",
                hint="The kubeconfig's proxy-url counts, else HTTPS_PROXY and NO_PROXY.",
            )
        if isinstance(error, ssl.SSLError) and "_ALERT_" in (error.reason or ""):
            said = (error.reason or "").partition("_ALERT_")[2].replace("_", " ").lower()
            return ClusterError(
                0,
                "certificate",
                f"{where} refuses the TLS connection: {said}.",
                hint="The client certificate may have expired: log in to the cluster again.",
            )
        if isinstance(error, TimeoutError):
            return ClusterError(
                0, "timeout", f"{where} doesn't answer.", hint="Is the cluster running, and a VPN to it needed?"
            )
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        if isinstance(error, ssl.SSLError):
            why = (error.reason or "the connection was closed").replace("_", " ").lower()
        if isinstance(error, socket.gaierror | ValueError):
            why = "its name isn't known here"
        return ClusterError(
            0,
            "unreachable",
            f"{where} can't be reached: {why}.",
            hint="Is the cluster running, and a VPN to it needed?",
        )


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
