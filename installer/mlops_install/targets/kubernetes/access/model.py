"""What a context of a kubeconfig says about the way to its cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Plugin:
    """A program that gives the credentials (`users[].user.exec`)."""

    command: str
    arguments: tuple[str, ...] = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    api_version: str
    install_hint: str
    cluster: Mapping[str, Any] | None = field(default=None, repr=False)
    """What the program is given about the cluster; None when it doesn't ask for it (`provideClusterInfo`)."""
    needs_terminal: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """How one cluster is reached through one context; holds credentials, so it is never shown or written."""

    kubeconfig: Path
    """The file that has the context."""
    context: str
    server: str
    """The API server's URL, without a slash at its end and without a login."""
    namespace: str = "default"
    authority: str | None = field(default=None, repr=False)
    """The certificate authorities in PEM; None for the system's own."""
    insecure: bool = False
    server_name: str | None = None
    """The name that the server's certificate must have, where it isn't the host of `server`."""
    proxy: str | None = field(default=None, repr=False)
    """URL of the proxy that the file names for the cluster; may hold a login."""
    certificate: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    """The client's certificate and its key in PEM."""
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)
    """The token of an OpenID Connect login (`auth-provider: oidc`)."""
    plugin: Plugin | None = field(default=None, repr=False)
    impersonation: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Headers that ask the API server to act as another user."""
