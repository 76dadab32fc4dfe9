"""What a request authenticates with, in kubectl's order: token, password, plugin (ExecCredential), OIDC's id-token."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from mlops_install.targets.kubernetes.access.model import Access, Plugin
from mlops_install.targets.kubernetes.access.rules import is_header_value
from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.words.foreign import ForeignText
from mlops_install.words.terminal import plain

_PLUGIN_SECONDS = 60
_MARGIN = 10
"""Seconds before its end from which an id-token counts as expired (client-go's oidc plugin)."""
_SHORTEST_SECRET = 8
"""Characters from which an argument or a variable of a plugin is taken out of what it says."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Credentials:
    """A header's value and a client certificate, either of them None where there is none."""

    header: str | None = field(repr=False)
    certificate: str | None = field(repr=False)
    key: str | None = field(repr=False)


def credentials(access: Access, variables: Mapping[str, str]) -> Credentials:
    """Return what requests carry; `variables` is the environment that a plugin gets.

    Raises ClusterError when the plugin, the token's file or the id-token gives nothing that can be used.
    """
    certificate, key = access.certificate, access.key
    token = access.token
    if access.token_file or token:
        token = _token(access)
    elif access.user is not None:
        pair = f"{access.user}:{access.password or ''}".encode()
        return Credentials(f"Basic {base64.b64encode(pair).decode()}", certificate, key)
    elif access.plugin:
        status = _ask(access.plugin, access, variables)
        token = status.get("token") or None
        # A certificate of the file itself wins.
        if not certificate:
            certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
    elif access.id_token:
        token = _valid_id_token(access.id_token, access)
    if token and not is_header_value(token):
        raise ClusterError(
            0, "credentials", f"the token of the context {access.context} holds a line break or a control character."
        )
    return Credentials(f"Bearer {token}" if token else None, certificate, key)


def _token(access: Access) -> str:
    """Return the token of the file, which wins; the other one where the file gives none."""
    why = "is empty"
    if access.token_file:
        try:
            token = access.token_file.read_bytes().decode(errors="surrogateescape").strip()
            if token:
                return token
        except (OSError, ValueError) as error:
            why = f"can't be read: {getattr(error, 'strerror', None) or 'no such path'}"
    if not access.token:
        raise ClusterError(0, "credentials", f"the token's file {access.token_file} {why}.")
    return access.token


def _valid_id_token(token: str, access: Access) -> str:
    parts = token.split(".")
    try:
        _, payload, _ = parts
        claims = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True))
        ends = float(claims.get("exp") or 0)
    except (ValueError, AttributeError, TypeError, RecursionError):
        ends = None
    if ends is None or ends - _MARGIN <= time.time():
        what = "is not a JWT" if ends is None else "has expired"
        raise ClusterError(
            0,
            "credentials",
            f"the id-token of the context {access.context}'s auth-provider {what}.",
            hint=f"Log in to the cluster again, or let `kubectl --context {access.context} version` renew it.",
        )
    return token


def _ask(plugin: Plugin, access: Access, variables: Mapping[str, str]) -> Mapping[str, Any]:
    """Run the plugin and return its reply's status."""
    if plugin.needs_terminal:
        raise _no_credentials(access, f"{plugin.command} wants an interactive terminal, which it doesn't get here", "")
    spec: dict[str, Any] = {"interactive": False}
    if plugin.cluster is not None:
        spec["cluster"] = plugin.cluster
    request = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec}
    # The program is looked for by the caller's own PATH, not by that of the plugin's variables.
    program = shutil.which(plugin.command, path=variables.get("PATH", os.defpath))
    if program is None:
        raise _no_credentials(access, f"{plugin.command} isn't there, or isn't a program", plugin.install_hint)
    try:
        done = subprocess.run(
            [program, *plugin.arguments],
            env={**variables, **plugin.variables, "KUBERNETES_EXEC_INFO": json.dumps(request)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PLUGIN_SECONDS,
            check=False,
            start_new_session=True,  # without a terminal to ask on
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = "can't be run" if not isinstance(error, subprocess.TimeoutExpired) else "doesn't answer"
        raise _no_credentials(access, f"{plugin.command} {why}", plugin.install_hint) from None
    if done.returncode != 0:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        said = _without_secrets(last, plugin)
        raise _no_credentials(access, f"{plugin.command} gives no credentials: {said}", plugin.install_hint)
    status, wrong = _status(done.stdout, plugin.api_version)
    if wrong:
        raise _no_credentials(access, f"{plugin.command} gives no credentials: {wrong}", plugin.install_hint)
    return status


def _status(output: bytes, api_version: str) -> tuple[Mapping[str, Any], str]:
    """Return the status of a plugin's reply, and what is wrong with the reply; empty when nothing is."""
    try:
        reply = yaml.safe_load(output)  # kubectl takes YAML as well as JSON
    except (yaml.YAMLError, ValueError, RecursionError):
        reply = None
    if not isinstance(reply, dict) or reply.get("kind") != "ExecCredential":
        return {}, "its reply is no ExecCredential"
    if reply.get("apiVersion") != api_version:
        return {}, f"its reply is not of {api_version}"
    status = reply.get("status")
    if not isinstance(status, dict):
        return {}, "its reply has no status"
    given = [status.get(name) for name in ("token", "clientCertificateData", "clientKeyData")]
    if any(value is not None and not isinstance(value, str) for value in given):
        return {}, "its reply's status holds something else than text"
    if not any(given):
        return {}, "its reply has neither a token nor a certificate"
    if bool(given[1]) != bool(given[2]):
        return {}, "its reply has only one of clientCertificateData and clientKeyData (a certificate without its key)"
    return status, ""


def _without_secrets(said: str, plugin: Plugin) -> str:
    """Take the plugin's arguments and variables out of what it says, and what would move a terminal's cursor."""
    parts = {
        part for text in (*plugin.arguments, *plugin.variables.values()) for part in (text, text.partition("=")[2])
    }
    secrets = (part for part in parts if len(part) >= _SHORTEST_SECRET and not part.startswith("--"))
    return plain(ForeignText(secrets)(said))[:_LONGEST]


def _no_credentials(access: Access, what: str, hint: str) -> ClusterError:
    return ClusterError(
        0,
        "credentials",
        f"the context {access.context} takes its credentials from a program: {what}.",
        hint=hint or f"`kubectl --context {access.context} version` must work first.",
    )
