"""`terraform`: the deployment's own Terraform, by hand, with its secrets."""

from __future__ import annotations

import typer

from mlops_install.cli import options
from mlops_install.cli.session import open_session


def terraform(
    context: typer.Context,
    name: options.Name = None,
    directory: options.Directory = None,
    terraform_bin: options.TerraformBin = None,
) -> int:
    """Run Terraform in the deployment's folder: `mlops-install terraform NAME -- state list`."""
    from mlops_install.operations.by_hand import run_terraform

    session = open_session(terraform_bin=terraform_bin)
    arguments = list(context.args)
    if name is not None and name.startswith("-"):
        arguments.insert(0, name)
        name = None
    return run_terraform(session.context, session.deployment(name, directory), arguments)
