"""A connected socket to an API server: through its proxy, with TLS around it."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.access.proxies import Proxy, proxy_of

_PORTS = {"http": 80, "https": 443}
_HEAD = 64 * 1024
"""Bytes that a proxy's answer may have."""
_BUFFER = 64 * 1024


class ProxyRefusalError(OSError):  # an OSError, as what goes wrong without a proxy is
    """The proxy can't be reached or refuses; the text names it, without its login."""


def forwarding_proxy(access: Access, variables: Mapping[str, str]) -> Proxy | None:
    """Return the HTTP proxy that a plain HTTP server's requests are sent to whole; None for any other way."""
    proxy = proxy_of(access, variables)
    forwards = proxy is not None and proxy.scheme in _PORTS and access.server.startswith("http://")
    return proxy if forwards else None


def connect(
    access: Access, context: ssl.SSLContext | None, variables: Mapping[str, str], timeout: float
) -> socket.socket:
    """Return a socket to the API server; `context` is None for plain HTTP.

    Raises OSError, ProxyRefusalError and ssl.SSLError among them, and ValueError for a name that can't be looked up.
    """
    server = urlsplit(access.server)
    host, port = server.hostname or "", server.port or _PORTS[server.scheme]
    proxy = proxy_of(access, variables)
    made = _through(proxy, host, port, context, timeout) if proxy else socket.create_connection((host, port), timeout)
    if made.family in (socket.AF_INET, socket.AF_INET6):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _secured(made, context, access.server_name or host) if context else made


def connect_to_proxy(proxy: Proxy, timeout: float) -> socket.socket:
    """Return a socket to a forwarding proxy itself, with TLS by the system's authorities for an https:// one."""
    made = _dial(proxy, timeout)
    return _secured(made, ssl.create_default_context(), proxy.host) if proxy.scheme == "https" else made


def login(proxy: Proxy) -> str | None:
    """Return the value of Proxy-Authorization; None where the proxy's URL has no login."""
    if proxy.user is None:
        return None
    pair = f"{proxy.user}:{proxy.password or ''}".encode(errors="surrogateescape")
    return f"Basic {base64.b64encode(pair).decode()}"


def _secured(made: socket.socket, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(made, server_hostname=name)
    except BaseException:
        made.close()
        raise


def _dial(proxy: Proxy, timeout: float) -> socket.socket:
    try:
        return socket.create_connection((proxy.host, proxy.port), timeout)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name isn't known here"
        raise ProxyRefusalError(f"the proxy {proxy} can't be reached ({why})") from None


def _through(proxy: Proxy, host: str, port: int, context: ssl.SSLContext | None, timeout: float) -> socket.socket:
    if proxy.scheme in ("socks5", "socks5h"):
        return _through_socks(proxy, host, port, timeout)
    if proxy.scheme not in _PORTS:
        raise ProxyRefusalError(f"the proxy {proxy} is of a kind that isn't known: http, https and socks5 are")
    made = _dial(proxy, timeout)
    try:
        if proxy.scheme == "https":
            # As Go does: by the settings for the cluster, its authorities among them.
            made = _secured(made, context or ssl.create_default_context(), proxy.host)
        _ask_for_tunnel(made, proxy, host, port)
    except ssl.SSLError as error:
        made.close()
        raise ProxyRefusalError(
            f"no TLS with the proxy {proxy}: {getattr(error, 'verify_message', '') or error.reason}"
        ) from None
    except BaseException:
        made.close()
        raise
    return _plain(made, timeout) if isinstance(made, ssl.SSLSocket) and context else made


def _ask_for_tunnel(made: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if authorization := login(proxy):
        lines.append(f"Proxy-Authorization: {authorization}")
    made.sendall("\r\n".join([*lines, "", ""]).encode())
    head = b""
    # Byte by byte: what comes after the head belongs to the tunnel.
    while not head.endswith(b"\r\n\r\n"):
        part = made.recv(1)
        if not part or len(head) > _HEAD:
            raise ProxyRefusalError(f"the proxy {proxy} gives no answer that is HTTP")
        head += part
    status = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    if len(status) < 2 or status[1] != "200":
        said = " ".join(part for part in status[1:] if part.isprintable())[:100]
        raise ProxyRefusalError(f"the proxy {proxy} refuses: {said or 'it speaks no HTTP'}")


def _through_socks(proxy: Proxy, host: str, port: int, timeout: float) -> socket.socket:
    from python_socks import ProxyError, ProxyType
    from python_socks.sync import Proxy as Socks

    # The name is looked up by the proxy, as Go does for socks5:// as well.
    way = Socks(ProxyType.SOCKS5, proxy.host, proxy.port, proxy.user, proxy.password, rdns=True)
    try:
        return way.connect(host, port, timeout)
    except TimeoutError:
        raise
    except (OSError, ValueError, ProxyError) as error:
        what = "refuses" if isinstance(error, ProxyError) else "can't be used"
        raise ProxyRefusalError(f"the proxy {proxy} {what}: {error}") from None


def _plain(outer: ssl.SSLSocket, timeout: float) -> socket.socket:
    """Return a plain socket to what is behind TLS with a proxy: Python has no TLS within TLS, so threads relay."""
    mine, relayed = socket.socketpair()
    mine.settimeout(timeout)
    outer.settimeout(None)
    threading.Thread(target=_relay, args=(relayed, outer), daemon=True).start()
    return mine


def _relay(inner: socket.socket, outer: ssl.SSLSocket) -> None:
    with contextlib.closing(inner), contextlib.closing(outer), contextlib.suppress(OSError, ValueError):
        while True:
            # What TLS has taken in already isn't seen by select.
            ready = [outer] if outer.pending() else select.select([inner, outer], [], [])[0]
            for source in ready:
                data = source.recv(_BUFFER)
                if not data:
                    return
                (outer if source is inner else inner).sendall(data)
