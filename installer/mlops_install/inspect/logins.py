"""How a person gets in at an address, without a secret in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import Deployment
from mlops_install.targets.checking import has_loop
from mlops_install.targets.context import Context
from mlops_install.words import commands

SHARED = "jupyterhub_shared_password"
"""The parameter of the password that all of JupyterHub's users share."""


@dataclass(frozen=True, slots=True)
class Login:
    """The way into one module."""

    how: str
    """One sentence."""
    command: str = ""
    """The command that shows the secret it needs; empty when none is needed."""
    secret: str = ""
    """That secret's parameter."""


def logins(
    modules: Iterable[str], parameters: Mapping[str, Value], deployment: Deployment | None = None
) -> dict[str, Login]:
    """Return the way into each module that asks for one; the others are open to this machine's users.

    Commands name the deployment; None where there is only one, which needs no naming.
    """
    found: dict[str, Login] = {}
    if "jupyterhub" in modules:
        if parameters.get("oauth_github_enable"):
            found["jupyterhub"] = Login("with a GitHub account that the deployment admits")
        else:
            about = deployment.command if deployment else commands.command
            command = about("secret", "show", SHARED)
            found["jupyterhub"] = Login("any user name, with the shared password", command, SHARED)
    return found


EXAMPLE = "examples/loop/loop.ipynb"
"""In every notebook user's home."""


def first_step(addresses: Mapping[str, str]) -> str:
    """Return what a new user does first, as one sentence; empty where a module lacks that the example goes through."""
    if not has_loop(addresses) or not addresses["jupyterhub"]:
        return ""
    return f"Now open {addresses['jupyterhub']}, log in, open the notebook {EXAMPLE} and run all its cells."


def ways_in(context: Context, deployment: Deployment) -> dict[str, Login]:
    """Return how a person gets in at each installed module of a deployment.

    Raises UsageError when nothing was approved yet.
    """
    from mlops_install.deployment.store import all_deployments
    from mlops_install.targets.installed import installed_answers

    _, answers = installed_answers(context, deployment)
    alone = [other.folder for other in all_deployments(context.environment)] == [deployment.folder]
    return logins(answers.modules, answers.parameters, None if alone else deployment)
