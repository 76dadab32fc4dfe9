"""`terraform`: the deployment's own Terraform, by hand, with its secrets."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import open_session
from mlops_install.errors import UsageError
from mlops_install.words.commands import command

Arguments = Annotated[list[str] | None, typer.Option("--argument", hidden=True)]


def terraform(
    name: options.Name = None,
    directory: options.Directory = None,
    terraform_bin: options.TerraformBin = None,
    arguments: Arguments = None,
) -> int:
    """Run Terraform in the deployment's folder: `mlops-install terraform [NAME] -- state list`."""
    from mlops_install.workflow.by_hand import run_terraform

    if not arguments:
        raise UsageError(
            "Terraform needs a command.", hint=f"For example: `{command('terraform', '--', 'state', 'list')}`."
        )
    session = open_session(terraform_bin=terraform_bin)
    return run_terraform(session.context, session.deployment(name, directory), arguments)
