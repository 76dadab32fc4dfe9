"""`verify`: act as a user would, through real clients."""

from __future__ import annotations

from typing import Annotated

import typer

from mlops_install.cli import options
from mlops_install.cli.session import open_session


def verify(
    name: options.Name = None,
    directory: options.Directory = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the whole way from features to a served model.")
    ] = False,
    output: options.Output = options.OutputFormat.TABLE,
    no_color: options.NoColor = False,
    terraform_bin: options.TerraformBin = None,
    kubeconfig: options.Kubeconfig = None,
    kube_context: options.KubeContext = None,
) -> int:
    """Check each module with a real client, then go the whole way: features, training, registry, flow, served model."""
    from mlops_install.cli.reporting import run_checks

    session = open_session(
        output=output, no_color=no_color, terraform_bin=terraform_bin, kubeconfig=kubeconfig, kube_context=kube_context
    )
    return run_checks(session, session.deployment(name, directory), loop=not quick)
