"""A kubeconfig file as it is written: contexts, clusters, users (kubectl's format, v1)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mlops_install.errors import PreflightError

_HINT = "Name another file with --kubeconfig, or get this one anew from whoever runs the cluster."


@dataclass(frozen=True, slots=True)
class Plugin:
    """A program that gives the credentials (`users[].user.exec`)."""

    command: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    api_version: str
    install_hint: str


@dataclass(frozen=True, slots=True)
class Access:
    """How one cluster is reached through one context; holds credentials, so it is never shown or written."""

    kubeconfig: Path
    context: str
    server: str
    """The API server's URL, without a slash at its end."""
    namespace: str = "default"
    authority: str | None = field(default=None, repr=False)
    """The certificate authority in PEM; None for the system's own."""
    insecure: bool = False
    server_name: str | None = None
    """The name that the server's certificate must have, where it isn't the host of `server`."""
    proxy: str | None = None
    """URL of the HTTP proxy that the file names for the cluster."""
    certificate: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    """The client's certificate and its key in PEM."""
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    plugin: Plugin | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """One file's contexts, clusters and users by name."""

    path: Path
    current: str
    """The file's current context; shown, never followed."""
    contexts: Mapping[str, Mapping[str, Any]]
    clusters: Mapping[str, Mapping[str, Any]] = field(repr=False)
    users: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def access(self, context: str) -> Access:
        """Return how the cluster of `context` is reached; raises PreflightError when the file doesn't say it."""
        entry = self.contexts[context]
        cluster = self._entry(self.clusters, "cluster", entry, context)
        user = self._entry(self.users, "user", entry, context) if entry.get("user") else {}
        server = cluster.get("server")
        if not isinstance(server, str) or not server.startswith(("https://", "http://")):
            raise self._broken(f"the cluster of the context {context} has no server address")
        token_file = user.get("tokenFile")
        return Access(
            kubeconfig=self.path,
            context=context,
            server=server.rstrip("/"),
            namespace=str(entry.get("namespace") or "default"),
            authority=self._pem(cluster, "certificate-authority"),
            insecure=bool(cluster.get("insecure-skip-tls-verify")),
            server_name=cluster.get("tls-server-name"),
            proxy=cluster.get("proxy-url"),
            certificate=self._pem(user, "client-certificate"),
            key=self._pem(user, "client-key"),
            token=user.get("token"),
            token_file=self._beside(token_file) if token_file else None,
            user=user.get("username"),
            password=user.get("password"),
            plugin=self._plugin(user, context),
        )

    def _entry(
        self, entries: Mapping[str, Mapping[str, Any]], kind: str, context: Mapping[str, Any], name: str
    ) -> Mapping[str, Any]:
        wanted = str(context.get(kind) or "")
        if wanted not in entries:
            raise self._broken(f"the context {name} names the {kind} {wanted!r}, which the file doesn't have")
        return entries[wanted]

    def _pem(self, entry: Mapping[str, Any], key: str) -> str | None:
        """Return a certificate or key, which the file holds itself (`…-data`, base64) or names."""
        data, name = entry.get(f"{key}-data"), entry.get(key)
        try:
            if data:
                return base64.b64decode(str(data), validate=True).decode()
            return self._beside(str(name)).read_text(encoding="utf-8") if name else None
        except (binascii.Error, UnicodeDecodeError):
            raise self._broken(f"{key}-data is not base64 of a PEM text") from None
        except OSError as error:
            raise self._broken(f"{key} names {name}, which can't be read ({error.strerror})") from error

    def _plugin(self, user: Mapping[str, Any], context: str) -> Plugin | None:
        if user.get("auth-provider"):
            raise self._broken(f"the user of the context {context} has an `auth-provider`, which Kubernetes gave up")
        plugin = user.get("exec")
        if not plugin:
            return None
        command = str(plugin.get("command") or "")
        if "/" in command and not command.startswith("/"):
            command = str(self._beside(command))
        return Plugin(
            command=command,
            arguments=tuple(str(argument) for argument in plugin.get("args") or ()),
            variables={str(pair["name"]): str(pair["value"]) for pair in plugin.get("env") or ()},
            api_version=str(plugin.get("apiVersion") or "client.authentication.k8s.io/v1"),
            install_hint=" ".join(str(plugin.get("installHint") or "").split()),
        )

    def _beside(self, name: str) -> Path:
        return self.path.parent / Path(name).expanduser()

    def _broken(self, what: str) -> PreflightError:
        return PreflightError(f"{self.path}: {what}.", hint=_HINT)


def read_kubeconfig(path: Path) -> Kubeconfig:
    """Return the file's contents; raises PreflightError when it isn't there or is no kubeconfig."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PreflightError(f"there is no kubeconfig at {path}.", hint="Name one with --kubeconfig.") from None
    except OSError as error:
        raise PreflightError(f"{path} can't be read: {error.strerror}.", hint=_HINT) from error
    except (yaml.YAMLError, UnicodeDecodeError):
        raise PreflightError(f"{path} is no YAML file.", hint=_HINT) from None
    if not isinstance(document, dict) or not isinstance(document.get("contexts") or [], list):
        raise PreflightError(f"{path} is no kubeconfig.", hint=_HINT)
    try:
        parts = {
            plural: {str(entry["name"]): dict(entry.get(kind) or {}) for entry in document.get(plural) or []}
            for plural, kind in (("contexts", "context"), ("clusters", "cluster"), ("users", "user"))
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PreflightError(f"{path} is no kubeconfig: an entry of it has no name.", hint=_HINT) from None
    return Kubeconfig(path, str(document.get("current-context") or ""), **parts)
