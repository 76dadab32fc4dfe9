"""How a person gets in at an address, without a secret in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlops_install.catalogue.model import Value


@dataclass(frozen=True, slots=True)
class Login:
    """The way into one module."""

    how: str
    """One sentence."""
    command: str = ""
    """The command that shows the secret it needs; empty when none is needed."""
    secret: str = ""
    """That secret's parameter."""


def logins(modules: Iterable[str], parameters: Mapping[str, Value], *, deployment: str = "") -> dict[str, Login]:
    """Return the way into each module that asks for one; the others are open to this machine's users.

    `deployment` goes into the command where there are several.
    """
    found: dict[str, Login] = {}
    if "jupyterhub" in modules:
        if parameters.get("oauth_github_enable"):
            found["jupyterhub"] = Login("with a GitHub account that the deployment admits")
        else:
            name = f" --name {deployment}" if deployment else ""
            command = f"mlops-install secret show jupyterhub_shared_password{name}"
            found["jupyterhub"] = Login(
                "any user name, with the shared password", command, "jupyterhub_shared_password"
            )
    return found
