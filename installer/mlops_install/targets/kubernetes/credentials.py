"""What a request authenticates with: the file's own credentials, or those that its plugin gives (ExecCredential)."""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlops_install.targets.kubernetes.errors import ClusterError
from mlops_install.targets.kubernetes.kubeconfig import Access, Plugin

_PLUGIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Credentials:
    """A header's value and a client certificate, either of them None where there is none."""

    header: str | None = field(repr=False)
    certificate: str | None = field(repr=False)
    key: str | None = field(repr=False)


def credentials(access: Access, variables: Mapping[str, str]) -> Credentials:
    """Return what requests carry; `variables` is the environment that a plugin gets.

    Raises ClusterError when the plugin or the token's file gives nothing.
    """
    if access.plugin:
        status = _ask(access.plugin, access, variables)
        token = status.get("token")
        return Credentials(
            f"Bearer {token}" if token else None, status.get("clientCertificateData"), status.get("clientKeyData")
        )
    header = None
    if access.token_file:
        try:
            header = f"Bearer {access.token_file.read_text(encoding='utf-8').strip()}"
        except OSError as error:
            raise ClusterError(0, "credentials", f"{access.token_file} can't be read: {error.strerror}.") from error
    elif access.token:
        header = f"Bearer {access.token}"
    elif access.user is not None:
        pair = f"{access.user}:{access.password or ''}".encode()
        header = f"Basic {base64.b64encode(pair).decode()}"
    return Credentials(header, access.certificate, access.key)


def tls(access: Access, given: Credentials) -> ssl.SSLContext:
    """Return the TLS settings of the context; raises ClusterError when a certificate of the file isn't one."""
    try:
        context = ssl.create_default_context(cadata=access.authority)
        if access.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if given.certificate and given.key:
            _load_client(context, given.certificate, given.key)
    except (ssl.SSLError, ValueError) as error:
        raise ClusterError(
            0, "certificate", f"the certificates of the context {access.context} in {access.kubeconfig} are broken."
        ) from error
    return context


def _load_client(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """Load a client certificate; OpenSSL takes files only, so it lies in one (0600) for as long as that takes."""
    descriptor, name = tempfile.mkstemp()
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{certificate}\n{key}\n")
        context.load_cert_chain(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _ask(plugin: Plugin, access: Access, variables: Mapping[str, str]) -> Mapping[str, Any]:
    request = {
        "apiVersion": plugin.api_version,
        "kind": "ExecCredential",
        "spec": {"interactive": False, "cluster": {"server": access.server}},
    }
    environment = {**variables, **plugin.variables, "KUBERNETES_EXEC_INFO": json.dumps(request)}
    try:
        done = subprocess.run(
            [plugin.command, *plugin.arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PLUGIN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = "isn't there" if isinstance(error, FileNotFoundError) else "doesn't answer"
        raise _no_credentials(access, f"{plugin.command} {why}", plugin.install_hint) from error
    try:
        status = json.loads(done.stdout)["status"] if done.returncode == 0 else None
    except (ValueError, KeyError, TypeError):
        status = None
    if not isinstance(status, dict):
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise _no_credentials(access, f"{plugin.command} gives no credentials: {last[:300]}", plugin.install_hint)
    return status


def _no_credentials(access: Access, what: str, hint: str) -> ClusterError:
    return ClusterError(
        0,
        "credentials",
        f"the context {access.context} takes its credentials from a program: {what}.",
        hint=hint or f"`kubectl --context {access.context} version` must work first.",
    )
