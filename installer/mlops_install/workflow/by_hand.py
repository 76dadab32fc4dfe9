"""Terraform by hand in a deployment's folder."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.lock import hold
from mlops_install.deployment.secrets import read_secrets
from mlops_install.engine.process import child_environment
from mlops_install.targets.context import Context


def run_terraform(context: Context, deployment: Deployment, arguments: Sequence[str]) -> int:
    """Run the deployment's Terraform on the terminal with its secrets; returns Terraform's exit code.

    Raises LockedError while a run holds the deployment.
    """
    secrets = read_secrets(deployment.secrets)
    environment = child_environment(context.environment.variables, secrets=secrets)
    environment.pop("TF_INPUT", None)
    environment.pop("TF_IN_AUTOMATION", None)
    with hold(deployment.lock, owner="terraform by hand", deployment=deployment):
        completed = subprocess.run(
            [*context.binary().argv, *arguments], cwd=deployment.folder, env=environment, check=False
        )
    return completed.returncode
