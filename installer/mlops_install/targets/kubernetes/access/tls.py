"""The TLS settings of a context, as Go's client has them."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

from mlops_install.targets.kubernetes.access.credentials import Credentials
from mlops_install.targets.kubernetes.access.model import Access
from mlops_install.targets.kubernetes.errors import ClusterError


class _PassphraseError(Exception):
    """The key is encrypted; OpenSSL would ask for its passphrase on the terminal."""


def tls_context(access: Access, given: Credentials) -> ssl.SSLContext:
    """Return the TLS settings of the context; raises ClusterError when a certificate or key can't be used."""
    where = f"the context {access.context} in {access.kubeconfig}"
    try:
        context = ssl.create_default_context(cadata=access.authority)
        # Go trusts every certificate that the file names, an intermediate one or the server's own too, and has no
        # opinion about the extensions that Python 3.13 began to demand.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.hostname_checks_common_name = False
        if access.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
    except (ssl.SSLError, ValueError, TypeError):
        raise ClusterError(0, "certificate", f"the certificate authority of {where} is broken.") from None
    try:
        if given.certificate and given.key:
            _load_client(context, given.certificate, given.key)
    except _PassphraseError:
        raise ClusterError(
            0,
            "certificate",
            f"the client-key of {where} is encrypted with a passphrase, which kubectl can't use either.",
            hint="Get a kubeconfig with a private key that has no passphrase.",
        ) from None
    except (ssl.SSLError, ValueError, OSError):
        raise ClusterError(
            0, "certificate", f"the client-certificate and client-key of {where} are broken, or not a pair."
        ) from None
    return context


def _load_client(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """Load a client certificate; OpenSSL takes files only, so it lies in one (0600) for as long as that takes."""
    encrypted = False

    def passphrase() -> str:
        nonlocal encrypted
        encrypted = True
        return ""

    descriptor, name = tempfile.mkstemp()
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{certificate}\n{key}\n")
        try:
            context.load_cert_chain(name, password=passphrase)
        except (ssl.SSLError, ValueError, OSError):
            if encrypted:
                raise _PassphraseError from None
            raise
    finally:
        Path(name).unlink(missing_ok=True)
