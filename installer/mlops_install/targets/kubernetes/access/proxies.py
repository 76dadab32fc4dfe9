"""The proxy to an API server: that of the kubeconfig, else that of the environment, as Go reads it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from mlops_install.targets.kubernetes.access.model import Access

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy; its text is without the login."""

    scheme: str
    host: str
    port: int
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def proxy_of(access: Access, variables: Mapping[str, str]) -> Proxy | None:
    """Return the proxy to the access' server; None for none.

    The kubeconfig's own wins; HTTPS_PROXY's (for an http:// server HTTP_PROXY's) isn't used for this machine itself,
    nor for what NO_PROXY names. A variable that is no URL, not even with http:// before it, is passed over.
    """
    if access.proxy:
        return _parsed(access.proxy)
    server = urlsplit(access.server)
    proxy = _variable(variables, f"{server.scheme}_proxy")
    host, port = server.hostname or "", server.port or _PORTS[server.scheme]
    if not proxy or host == "localhost" or _is_loopback(host):
        return None
    if is_spared(_variable(variables, "no_proxy"), host, port):
        return None
    return _parsed(proxy) or _parsed(f"http://{proxy}")


def is_spared(names: str, host: str, port: int) -> bool:
    """Return whether NO_PROXY's list has the host: by address, network, name or domain, each with a port or without.

    `example.com` stands for itself and all below it, `.example.com` and `*.example.com` for what is below it.
    """
    host, address = host.lower(), _address(host)
    for entry in (part.strip().lower() for part in names.split(",")):
        if entry == "*":
            return True
        name, wanted = _split_port(entry)
        if not name or (wanted and wanted != str(port) and not _network(entry)):
            continue
        network = _network(entry)
        if network is not None:
            matches = address is not None and address in network
        elif (listed := _address(name)) is not None:
            matches = listed == address
        else:
            matches = _in_domain(host, name)
        if matches:
            return True
    return False


def _in_domain(host: str, name: str) -> bool:
    domain = name[1:] if name.startswith("*.") else name
    if domain.startswith("."):
        return host.endswith(domain)
    return host == domain or host.endswith(f".{domain}")


def _split_port(entry: str) -> tuple[str, str]:
    """Return host and port of an entry; an IPv6 address has a port only behind brackets."""
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":")
    if entry.count(":") == 1:
        name, _, port = entry.partition(":")
        return name, port
    return entry, ""


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    _, slash, length = entry.partition("/")
    if not slash or not length.isdigit():
        return None
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback


def _variable(variables: Mapping[str, str], name: str) -> str:
    return variables.get(name.upper()) or variables.get(name) or ""


def _parsed(url: str) -> Proxy | None:
    try:
        split = urlsplit(url)
        if not split.scheme or not split.hostname:
            return None
        port = split.port or _PORTS.get(split.scheme, 0)
    except ValueError:
        return None
    user = None if split.username is None else unquote(split.username)
    return Proxy(split.scheme, split.hostname, port, user, unquote(split.password or ""))
