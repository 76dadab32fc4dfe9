"""The addresses that an OAuth app at GitHub is registered with, derived from the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlops_install.answers.model import Answers
from mlops_install.answers.rules import value_of
from mlops_install.catalogue.model import Catalogue, Value

CALLBACK_PATH = "/hub/oauth_callback"
"""JupyterHub 5 docs, reference/authenticators: the hub's path of every OAuthenticator."""
_PLAIN_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class OAuthAddresses:
    """What the form of a new OAuth app at GitHub asks for."""

    homepage: str
    """Homepage URL."""
    callback: str
    """Authorization callback URL."""


def oauth_addresses(widget: Mapping[str, Value], answers: Answers, catalogue: Catalogue) -> OAuthAddresses | None:
    """Return the addresses by the arguments of a `github_oauth` widget; None as long as no host is known.

    Arguments: `host` (the host itself) or `hosts` (the parameter with a list of hosts, the first counts), `port` and
    `https` (parameters; http on the scheme's own port without them), `callback_url` (the parameter that overrides it).
    """
    given = _value(widget, "callback_url", answers, catalogue)
    if isinstance(given, str) and given:
        return OAuthAddresses(given.removesuffix(CALLBACK_PATH).rstrip("/") or given, given)
    host = _host(widget, answers, catalogue)
    if not host:
        return None
    scheme = "https" if _value(widget, "https", answers, catalogue) is True else "http"
    port = _value(widget, "port", answers, catalogue)
    has_port = isinstance(port, int | float) and not isinstance(port, bool) and port != _PLAIN_PORTS[scheme]
    homepage = f"{scheme}://{host}:{int(port)}" if has_port else f"{scheme}://{host}"
    return OAuthAddresses(homepage, f"{homepage}{CALLBACK_PATH}")


def _host(widget: Mapping[str, Value], answers: Answers, catalogue: Catalogue) -> str:
    hosts = _value(widget, "hosts", answers, catalogue)
    if isinstance(hosts, list):
        return next((host.strip() for host in hosts if isinstance(host, str) and host.strip()), "")
    host = widget.get("host", "")
    return host if isinstance(host, str) else ""


def _value(widget: Mapping[str, Value], argument: str, answers: Answers, catalogue: Catalogue) -> Value:
    name = widget.get(argument)
    return value_of(name, answers, catalogue) if isinstance(name, str) else None
